import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Socket } from "node:net";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { generate } from "selfsigned";
import { createToolServer, type Listing } from "./tool-server.ts";

export interface HttpServer {
  readonly port: number;
  readonly ca: string;
  /** Method and path of every request, in order. */
  readonly requests: readonly string[];
  readonly sockets: ReadonlySet<Socket>;
  /** What became of the tool that never answers. */
  readonly hanging: readonly ("called" | "cancelled")[];
  /** Sessions that nobody has ended. */
  sessions(): number;
  close(): Promise<void>;
}

/**
 * Serves MCP over HTTPS at 127.0.0.1 under the name `mcp.test`. The path is what the server is like: how it lists tools
 * (`/few`, `/thousand`, ...), `/json` for answers that are no streams, or a way to misbehave.
 */
export async function startHttpServer(): Promise<HttpServer> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "mcp tests" }], {
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "mcp.test" }] }],
  });
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const requests: string[] = [];
  const hanging: ("called" | "cancelled")[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ key, cert }, (request, response) => void serve(request, response));
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port");

  return {
    port: address.port,
    ca: cert,
    requests,
    sockets,
    hanging,
    sessions: () => transports.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    requests.push(`${method} ${url}`);
    const body = await textOf(request);
    if (misbehave(url, body, response)) return;
    const session = String(request.headers["mcp-session-id"] ?? "");
    const transport = transports.get(session) ?? (await newSession(url));
    await transport.handleRequest(request, response, body === "" ? undefined : JSON.parse(body));
  }

  async function newSession(url: string): Promise<StreamableHTTPServerTransport> {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: url === "/json",
      onsessioninitialized: (id) => void transports.set(id, transport),
      onsessionclosed: (id) => void transports.delete(id),
    });
    await createToolServer(listingOf(url), (event) => hanging.push(event)).connect(transport);
    return transport;
  }
}

function listingOf(url: string): Listing {
  const listings: readonly Listing[] = ["few", "thousand", "wordy", "endless", "none"];
  return listings.find((listing) => url === `/${listing}`) ?? "few";
}

/** True where the answer is none of the protocol's. */
function misbehave(url: string, body: string, response: ServerResponse): boolean {
  const stream = { "Content-Type": "text/event-stream" };
  if (body.includes('"name":"ends"')) response.writeHead(200, stream).end(": nothing\n\n");
  else if (body.includes('"name":"breaks"')) {
    response.writeHead(200, stream).write(": nothing\n\n", () => response.destroy());
  } else if (url === "/401") response.writeHead(401, { "WWW-Authenticate": "Bearer" }).end("no");
  else if (url === "/500") response.writeHead(500).end("broken");
  else if (url === "/html") response.writeHead(200, { "Content-Type": "text/html" }).end("<p>Hello");
  else if (url === "/garbage") response.writeHead(200, { "Content-Type": "application/json" }).end("{");
  else if (url === "/nonsense") response.writeHead(200, { "Content-Type": "application/json" }).end("[1]");
  else if (url.startsWith("/redirect?")) response.writeHead(307, { Location: url.slice(10) }).end();
  else return url === "/silent";
  return true;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
