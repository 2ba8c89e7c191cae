import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { ListToolsResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { McpProblem } from "./failures.ts";
import { requestOptions } from "./new-client.ts";
import type { McpTool } from "./port.ts";

/** As many as the providers take in one request. */
const toolsMax = 128;
/** Of all tools together as JSON: every round of a conversation sends them to the model again. */
const toolBytesMax = 256_000;
/** A page may be empty and name a next one for ever. */
const pagesMax = 128;

/** Every tool of a server, over all pages. Throws `McpProblem` when there are more than can be used. */
export async function listTools(client: Client, stopped: AbortSignal): Promise<readonly McpTool[]> {
  if (client.getServerCapabilities()?.tools === undefined) return [];
  const tools: McpTool[] = [];
  let bytes = 0;
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const request = { method: "tools/list" as const, ...(cursor !== undefined && { params: { cursor } }) };
    const listed = await client.request(request, ListToolsResultSchema, requestOptions(stopped));
    for (const { name, description = "", inputSchema, execution } of listed.tools) {
      // Such a tool answers with a task to ask after later, which nobody here does.
      if (execution?.taskSupport === "required") continue;
      const tool = { name, description, parameters: inputSchema };
      bytes += Buffer.byteLength(JSON.stringify(tool));
      tools.push(tool);
    }
    if (tools.length > toolsMax) throw tooLarge(`lists more than ${toolsMax} tools`);
    if (bytes > toolBytesMax) throw tooLarge(`describes its tools in more than ${toolBytesMax} bytes`);
    if (listed.nextCursor === undefined) return tools;
    cursor = listed.nextCursor;
  }
  throw tooLarge(`lists its tools on more than ${pagesMax} pages`);
}

function tooLarge(what: string): McpProblem {
  return new McpProblem("RESPONSE_TOO_LARGE", `The MCP server ${what}`);
}
