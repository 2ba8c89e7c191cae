import { setMaxListeners } from "node:events";
import { createGuard, createGuardedFetch, type GuardedFetch, type Resolve, trusting } from "@gantry/egress";
import { createMcpServers, type McpServersOptions } from "../create-mcp-servers.ts";
import type { McpCallResult, McpOpened, McpServers, McpSession } from "../port.ts";
import { type HttpServer, startHttpServer } from "./http-server.ts";

export interface Fixture {
  readonly server: HttpServer;
  readonly guarded: GuardedFetch;
  readonly servers: McpServers;
  /** Opens `path` of the server as a user would. */
  open(path: string, headers?: Record<string, string>, signal?: AbortSignal): Promise<McpOpened>;
  close(): Promise<void>;
}

/** An HTTPS server, reachable because the operator allows 127.0.0.1, and the servers over a guard that asks `resolve`. */
export async function startFixture(
  options: { resolve?: Resolve } & Partial<McpServersOptions> = {},
): Promise<Fixture> {
  const { resolve = async () => [{ address: "127.0.0.1", family: 4 }], ...others } = options;
  const server = await startHttpServer();
  const guarded = createGuardedFetch({
    guard: createGuard({ policy: { allow: ["127.0.0.1"], requireHttps: true }, resolve }),
    trust: trusting([server.ca]),
    firstByteTimeoutMs: 20_000,
    betweenBytesTimeoutMs: 20_000,
    responseBytesMax: 1_000_000,
  });
  const servers = createMcpServers({
    operatorServers: {},
    userFetch: guarded.fetch,
    operatorFetch: guarded.fetch,
    openTimeoutMs: 10_000,
    callTimeoutMs: 10_000,
    ...others,
  });
  return {
    server,
    guarded,
    servers,
    open: (path, headers = {}, signal = never) =>
      servers.open({ kind: "http", url: urlOf(server, path), headers }, signal),
    async close() {
      await servers.close();
      await guarded.close();
      await server.close();
    },
  };
}

export const never: AbortSignal = new AbortController().signal;
// Every call of a test listens to it.
setMaxListeners(0, never);

export function urlOf(server: HttpServer, path: string): string {
  return `https://mcp.test:${server.port}${path}`;
}

export function sessionOf(opened: McpOpened): McpSession {
  if (!opened.ok) throw new Error(`${opened.failure}: ${opened.message}`);
  return opened.session;
}

export function textOf(result: McpCallResult): string {
  if (!result.ok) throw new Error(`${result.failure}: ${result.message}`);
  return result.text;
}
