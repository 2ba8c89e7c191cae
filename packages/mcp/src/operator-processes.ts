import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import type { Connection } from "./connection.ts";
import { McpProblem } from "./failures.ts";
import { newClient } from "./new-client.ts";

export interface OperatorProcess {
  readonly command: string;
  readonly args: readonly string[];
  /** All that it is given besides `PATH`, `HOME`, `SHELL`, `TERM` and the user's name. */
  readonly env: Readonly<Record<string, string>>;
}

export interface OperatorProcesses {
  /** To the process of that name, which is started unless it runs. */
  connect(name: string, server: OperatorProcess): Promise<Connection>;
  /** Ends them all: their input is closed, and one that does not heed it within 2 s is killed. */
  close(): Promise<void>;
}

/** The largest message that a process may write. */
const messageBytesMax = 10_000_000;
const requestTimeout: number = ErrorCode.RequestTimeout;

interface Started {
  readonly client: Client;
  /** Rejects when it cannot be started or does not speak the protocol. */
  readonly ready: Promise<void>;
  /** Why no request can be answered any more. */
  end(): McpProblem | null;
}

/** One process per server, shared by all sessions: requests carry ids, so they do not get in each other's way. One that died is started anew by the next session. */
export function createOperatorProcesses(startTimeoutMs: number): OperatorProcesses {
  const running = new Map<string, Started>();

  return {
    async connect(name, server) {
      const known = running.get(name);
      const started = known?.end() === null ? known : start(server, startTimeoutMs);
      running.set(name, started);
      try {
        await started.ready;
      } catch (error) {
        if (running.get(name) === started) running.delete(name);
        throw error instanceof McpProblem ? error : (started.end() ?? error);
      }
      return {
        client: started.client,
        reasonOf: (error) => started.end() ?? error,
        // The process stays for the next session.
        close: async () => {},
      };
    },
    async close() {
      await Promise.all([...running.values()].map(({ client }) => client.close()));
    },
  };
}

function start({ command, args, env }: OperatorProcess, startTimeoutMs: number): Started {
  const client = newClient();
  let end: McpProblem | null = null;
  Object.assign(client, {
    onerror(error: Error) {
      // The SDK has no other sign of it than its sentence.
      if (error.message.includes("exceeded maximum size")) end = tooLarge();
    },
    onclose() {
      end ??= new McpProblem("CONNECTION_FAILED", "The MCP server's process has ended");
    },
  });
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...env },
    maxBufferSize: messageBytesMax,
  });
  const ready = client.connect(transport, { timeout: startTimeoutMs }).catch((error: unknown) => {
    if (error instanceof McpError && error.code === requestTimeout) throw tooLate();
    throw error;
  });
  return { client, ready, end: () => end };

  function tooLate(): McpProblem {
    return new McpProblem("TIMED_OUT", `The MCP server took longer than ${startTimeoutMs} ms to start`);
  }
}

function tooLarge(): McpProblem {
  return new McpProblem(
    "RESPONSE_TOO_LARGE",
    `The MCP server's answer is larger than ${messageBytesMax} bytes`,
  );
}
