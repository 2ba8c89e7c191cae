import { setMaxListeners } from "node:events";
import { bounded } from "./bounded.ts";
import type { Connection } from "./connection.ts";
import { type FailedResult, failed } from "./failures.ts";
import { connectHttp } from "./http/connect-http.ts";
import { listTools } from "./list-tools.ts";
import { createOperatorProcesses, type OperatorProcess } from "./operator-processes.ts";
import type { McpOpened, McpServer, McpServers, McpSession } from "./port.ts";
import { createSession } from "./session.ts";

/** A server that the operator set up: a process of its own over stdio, or an address. */
export type OperatorServer =
  | OperatorProcess
  | { readonly url: string; readonly headers: Readonly<Record<string, string>> };

export interface McpServersOptions {
  /** By the name that workflows know them by. */
  readonly operatorServers: Readonly<Record<string, OperatorServer>>;
  /** For addresses that users name: behind the guard. */
  readonly userFetch: typeof globalThis.fetch;
  /** For addresses that the operator named. */
  readonly operatorFetch: typeof globalThis.fetch;
  /** To connect, or start a process, and list the tools. */
  readonly openTimeoutMs: number;
  /** For one call of a tool. */
  readonly callTimeoutMs: number;
}

export function createMcpServers(options: McpServersOptions): McpServers {
  const { operatorServers, userFetch, operatorFetch, openTimeoutMs, callTimeoutMs } = options;
  const processes = createOperatorProcesses(openTimeoutMs);
  const sessions = new Set<McpSession>();
  const closing = new AbortController();
  // Every session that is being opened listens to it.
  setMaxListeners(0, closing.signal);

  return {
    async open(server, signal) {
      const connect = connectorOf(server);
      if (connect === null) return unknownServer(server);
      return bounded([signal, closing.signal], openTimeoutMs, async (stopped): Promise<McpOpened> => {
        const connection = await connect(stopped);
        try {
          const tools = await listTools(connection.client, stopped);
          // Nobody would close a session that comes after its caller was answered.
          stopped.throwIfAborted();
          const session = createSession({ connection, tools, callTimeoutMs, ended: forget });
          sessions.add(session);
          return { ok: true, session };
        } catch (error) {
          await connection.close();
          throw connection.reasonOf(error);
        }
      });
    },

    async close() {
      closing.abort();
      await Promise.all([...sessions].map((session) => session.close()));
      await processes.close();
    },
  };

  function connectorOf(server: McpServer): ((stopped: AbortSignal) => Promise<Connection>) | null {
    if (server.kind === "http") return (stopped) => connectHttp(server, userFetch, stopped);
    const { name } = server;
    const named = Object.hasOwn(operatorServers, name) ? operatorServers[name] : undefined;
    if (named === undefined) return null;
    if ("url" in named) return (stopped) => connectHttp(named, operatorFetch, stopped);
    return () => processes.connect(name, named);
  }

  function forget(session: McpSession): void {
    sessions.delete(session);
  }
}

function unknownServer(server: McpServer): FailedResult {
  const name = server.kind === "operator" ? server.name : server.url;
  return failed("UNKNOWN_SERVER", `There is no MCP server named ${name}`);
}
