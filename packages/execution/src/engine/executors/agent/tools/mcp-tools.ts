import type { McpFailure, McpServer } from "@gantry/mcp";
import type { BlockContext } from "../../../block-executor.ts";
import type { BlockErrorCode } from "../../../events.ts";
import type { OpenedTools } from "./open-tool.ts";
import { sealedObject } from "./read-arguments.ts";
import { type Tool, toolError } from "./tool.ts";

/** Opens a session with the server and makes tools of what it offers. `only`: those of these names; null for all. */
export async function openMcpServer(
  server: McpServer,
  only: readonly string[] | null,
  { resources, signal }: BlockContext,
): Promise<OpenedTools> {
  const opened = await resources.mcp.open(server, signal);
  if (!opened.ok) {
    const { failure, message } = opened;
    const told = `${nameOf(server)}: ${message}${message.endsWith(".") ? "" : "."}`;
    return { ok: false, error: { code: codes[failure], message: told, retryable: retryable.has(failure) } };
  }
  const { session } = opened;
  const absent = (only ?? []).filter((wanted) => session.tools.every(({ name }) => name !== wanted));
  if (absent.length > 0) {
    await session.close();
    const message = `${nameOf(server)} has no tool named ${absent.join(" or ")}.`;
    return { ok: false, error: { code: "INVALID_INPUT", message, retryable: false } };
  }
  const tools = session.tools
    .filter(({ name }) => only === null || only.includes(name))
    .map(({ name, description, parameters }): Tool => {
      const run: Tool["run"] = async (args) => {
        const called = await session.call(name, args, signal);
        return called.ok ? called : toolError(called.message);
      };
      // Against its schema the server judges the arguments itself, in whatever dialect that is.
      return { definition: { name, description, parameters }, read: sealedObject, run };
    });
  return { ok: true, session, tools };
}

function nameOf(server: McpServer): string {
  if (server.kind === "operator") return `The MCP server ${server.name}`;
  return URL.canParse(server.url) ? `The MCP server at ${new URL(server.url).host}` : "The MCP server";
}

const codes: Readonly<Record<McpFailure, BlockErrorCode>> = {
  UNKNOWN_SERVER: "INVALID_INPUT",
  ADDRESS_NOT_ALLOWED: "ADDRESS_REFUSED",
  CONNECTION_FAILED: "REQUEST_FAILED",
  TIMED_OUT: "REQUEST_FAILED",
  RESPONSE_TOO_LARGE: "RESPONSE_TOO_LARGE",
  PROTOCOL_ERROR: "REQUEST_FAILED",
  ABORTED: "CANCELLED",
};

const retryable: ReadonlySet<McpFailure> = new Set(["CONNECTION_FAILED", "TIMED_OUT"]);
