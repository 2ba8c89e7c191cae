import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Socket } from "node:net";
import { generateCertificate } from "@gantry/model-server";

export interface TestMcpServer extends AsyncDisposable {
  /** `https://127.0.0.1:...` */
  readonly url: string;
  readonly ca: string;
  /** Every tool call: its name, and whether whoever called it has left. */
  readonly calls: readonly { readonly name: string; left: boolean }[];
  readonly sockets: ReadonlySet<Socket>;
}

type Json = { readonly [key: string]: unknown };
type Call = { readonly id?: number; readonly method: string; readonly params?: Json };

const parameters = { type: "object", properties: { said: { type: "string" } } };
const offered = ["echo", "headers", "fail", "hang"].map((name) => ({
  name,
  description: `Does ${name}`,
  inputSchema: parameters,
}));

/** Speaks MCP over HTTPS, one JSON answer for each request: to a tool it says what it was told, `hang` never answers. */
export async function startMcpServer(): Promise<TestMcpServer> {
  const { key, cert } = await generateCertificate();
  const calls: { name: string; left: boolean }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ key, cert }, (request, response) => void serve(request, response));
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port");

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
    const { id, method, params }: Call = body === "" ? { method: "DELETE" } : JSON.parse(body);
    if (id === undefined) return void response.writeHead(202).end();
    if (method !== "tools/call") return reply(response, id, { result: resultOf(method) });
    const call = { name: String(params?.["name"]), left: false };
    calls.push(call);
    response.once("close", () => {
      call.left = !response.writableFinished;
    });
    if (call.name === "hang") return;
    if (call.name === "fail") {
      const message = `No: ${String(request.headers.authorization)}`;
      return reply(response, id, { error: { code: -32_602, message } });
    }
    const told = call.name === "headers" ? request.headers : params?.["arguments"];
    reply(response, id, { result: { content: [{ type: "text", text: JSON.stringify(told) }] } });
  }

  return {
    url: `https://127.0.0.1:${address.port}`,
    ca: cert,
    calls,
    sockets,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function resultOf(method: string): Json {
  if (method === "tools/list") return { tools: offered };
  const serverInfo = { name: "tests", version: "1" };
  return { protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo };
}

function reply(response: ServerResponse, id: number, outcome: Json): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ jsonrpc: "2.0", id, ...outcome }));
}
