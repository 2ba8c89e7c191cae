// An MCP server as an operator would start it. Its argument is a habit: "ok", "silent" (never answers) or "dies".
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const habit = process.argv[2];
if (habit === "dies") process.exit(3);
if (habit === "silent") process.stdin.resume().on("end", () => process.exit(0));
else await serve();

async function serve() {
  const server = new Server({ name: "stdio", version: "1" }, { capabilities: { tools: {} } });
  const names = ["pid", "env", "die", "giant", "hang", "slow"];
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: names.map((name) => ({ name, inputSchema: { type: "object" } })),
  }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => answer(params));
  await server.connect(new StdioServerTransport());
}

function answer({ name, arguments: args }) {
  if (name === "die") process.exit(1);
  if (name === "hang") return new Promise(() => undefined);
  if (name === "pid") return text(String(process.pid));
  if (name === "env") return text(JSON.stringify(process.env));
  if (name === "giant") return text("x".repeat(12_000_000));
  if (name === "slow") return new Promise((resolve) => setTimeout(resolve, args.ms, text(args.say)));
  throw new Error(`There is no tool ${name}`);
}

function text(said) {
  return { content: [{ type: "text", text: said }] };
}
