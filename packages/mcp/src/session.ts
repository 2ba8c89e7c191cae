import { setMaxListeners } from "node:events";
import { CallToolResultSchema, McpError } from "@modelcontextprotocol/sdk/types.js";
import { bounded } from "./bounded.ts";
import type { Connection } from "./connection.ts";
import { requestOptions } from "./new-client.ts";
import type { McpCallResult, McpSession, McpTool } from "./port.ts";
import { cutText, resultText } from "./result-text.ts";

/** A conversation over a connection that is open. */
export function createSession(options: {
  readonly connection: Connection;
  readonly tools: readonly McpTool[];
  readonly callTimeoutMs: number;
  readonly ended: (session: McpSession) => void;
}): McpSession {
  const { connection, tools, callTimeoutMs, ended } = options;
  const closing = new AbortController();
  // Every call in flight listens to it.
  setMaxListeners(0, closing.signal);

  const session: McpSession = {
    tools,
    call: (name, args, signal) =>
      bounded([signal, closing.signal], callTimeoutMs, (stopped) => call(name, args, stopped)),
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      ended(session);
      await connection.close();
    },
  };
  return session;

  async function call(
    name: string,
    args: { readonly [key: string]: unknown },
    stopped: AbortSignal,
  ): Promise<McpCallResult> {
    const request = { method: "tools/call" as const, params: { name, arguments: { ...args } } };
    try {
      const result = await connection.client.request(request, CallToolResultSchema, requestOptions(stopped));
      return { ok: true, text: resultText(result), isError: result.isError === true };
    } catch (error) {
      const reason = connection.reasonOf(error);
      // The server's own words, such as which argument is missing: a model can do something about it.
      if (isAnswer(reason)) return { ok: true, text: cutText(reason.message), isError: true };
      throw reason;
    }
  }
}

/** An error of the protocol that the server sent, not one that the SDK or the connection made. */
function isAnswer(error: unknown): error is McpError {
  return error instanceof McpError && !(error.data instanceof Error);
}
