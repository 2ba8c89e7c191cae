import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";

/** How a server of the tests lists its tools. */
export type Listing = "few" | "thousand" | "wordy" | "endless" | "none";

const pageSize = 50;

/** An MCP server of the SDK; `onHang` is called when a tool is called that never answers, and again when it is told to stop. */
export function createToolServer(listing: Listing, onHang: (event: "called" | "cancelled") => void): Server {
  const capabilities = listing === "none" ? {} : { tools: {} };
  const server = new Server({ name: "tests", version: "1" }, { capabilities });
  if (listing === "none") return server;
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const from = Number(params?.cursor ?? 0);
    if (listing === "endless") return { tools: [], nextCursor: String(from + 1) };
    const tools = toolsOf(listing);
    const next = from + pageSize;
    return {
      tools: tools.slice(from, next),
      ...(next < tools.length && { nextCursor: String(next) }),
    };
  });
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal, requestInfo }) => {
    if (params.name === "hang") {
      onHang("called");
      signal.addEventListener("abort", () => onHang("cancelled"));
      return new Promise<CallToolResult>(() => undefined);
    }
    if (params.name === "headers") return text(JSON.stringify(requestInfo?.headers));
    return answer(params.name, params.arguments ?? {});
  });
  return server;
}

function toolsOf(listing: "few" | "thousand" | "wordy") {
  const count = { few: 60, thousand: 1_000, wordy: 100 }[listing];
  const description = listing === "wordy" ? "x".repeat(3_000) : "A tool";
  return Array.from({ length: count }, (_, index) => ({
    name: `tool-${index}`,
    description,
    inputSchema: { type: "object" as const, properties: { said: { type: "string" } } },
    ...(index === 0 && { execution: { taskSupport: "required" as const } }),
  }));
}

function answer(name: string, args: Record<string, unknown>): CallToolResult {
  switch (name) {
    case "echo":
      return text(`You said ${String(args["said"])}`);
    case "fail":
      return { ...text("It went wrong"), isError: true };
    case "huge":
      return text("é".repeat(150_000));
    case "giant":
      return text("x".repeat(2_000_000));
    case "structured":
      return { content: [], structuredContent: { answer: 42 } };
    case "parts":
      return {
        content: [
          { type: "text", text: "before" },
          { type: "image", mimeType: "image/png", data: "aGk=" },
          { type: "audio", mimeType: "audio/wav", data: "aGk=" },
          { type: "resource_link", uri: "file:///a", name: "a" },
          { type: "resource", resource: { uri: "file:///b", text: "its text" } },
          { type: "resource", resource: { uri: "file:///c", blob: "aGk=" } },
        ],
      };
    default:
      throw new Error(`There is no tool ${name}`);
  }
}

function text(said: string): CallToolResult {
  return { content: [{ type: "text", text: said }] };
}
