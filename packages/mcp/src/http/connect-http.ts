import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ErrorCode } from "@modelcontextprotocol/sdk/types.js";
import type { Connection } from "../connection.ts";
import { McpProblem } from "../failures.ts";
import { newClient, requestOptions } from "../new-client.ts";
import { requestsOnly } from "./requests-only.ts";

/** For the server to end its half of the session; whoever closes waits no longer. */
const goodbyeTimeoutMs = 1_000;

/**
 * Streamable HTTP. Redirects are followed within the origin only, so that no header of the author's goes elsewhere; there is
 * no OAuth flow, and a stream that broke off is not taken up again.
 */
export async function connectHttp(
  address: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  fetch: typeof globalThis.fetch,
  stopped: AbortSignal,
): Promise<Connection> {
  if (!URL.canParse(address.url)) {
    throw new McpProblem("ADDRESS_NOT_ALLOWED", "The MCP server's URL cannot be read");
  }
  const client = newClient();
  const transport = new StreamableHTTPClientTransport(new URL(address.url), {
    fetch: requestsOnly(fetch, lostAnswer),
    requestInit: { headers: sendable(address.headers) },
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 0,
      maxReconnectionDelay: 0,
      reconnectionDelayGrowFactor: 1,
    },
  });
  await client.connect(transport, requestOptions(stopped));
  return {
    client,
    reasonOf: (error) => error,
    async close() {
      const impatient = setTimeout(() => void client.close(), goodbyeTimeoutMs);
      try {
        await transport.terminateSession();
      } catch {
        // A server need not have sessions, or may be gone.
      }
      clearTimeout(impatient);
      await client.close();
    },
  };

  /** Tells the client that there will be no answer: the SDK itself would wait for it until the time is up. */
  function lostAnswer(id: string | number, cause: Error): void {
    const error = { code: ErrorCode.ConnectionClosed, message: "The answer was lost", data: cause };
    transport.onmessage?.({ jsonrpc: "2.0", id, error });
  }
}

function sendable(headers: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch {
    throw new McpProblem("CONNECTION_FAILED", "A header's name or value for the MCP server cannot be sent");
  }
}
