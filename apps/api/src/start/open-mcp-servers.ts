import { createGuard, createGuardedFetch, type Guard } from "@gantry/egress";
import { createMcpServers, type McpServers, type OperatorServer } from "@gantry/mcp";
import { z } from "zod";
import { readConfigFile } from "./config-file.ts";
import type { Teardown } from "./teardown.ts";

const texts = z.record(z.string(), z.string());
const operatorServer = z.union(
  [
    z.strictObject({
      command: z.string().min(1),
      args: z.array(z.string()).default([]),
      env: texts.default({}),
    }),
    z.strictObject({ url: z.url({ protocol: /^https?$/ }), headers: texts.default({}) }),
  ],
  "must be either { command, args?, env? } or { url, headers? }",
);
const serversFile = z.record(z.string().regex(/^[\w.-]{1,64}$/), operatorServer, {
  error: ({ code }) =>
    code === "invalid_key"
      ? "must be named with 1 to 64 letters, digits, dots, hyphens or underscores"
      : undefined,
});

const callTimeoutMs = 60_000;

type OperatorServers = Readonly<Record<string, OperatorServer>>;

/** Those of the operator's JSON file. Throws `OperatorError` naming everything that is wrong with it. */
export async function loadOperatorServers(file: string | null): Promise<OperatorServers> {
  if (file === null) return {};
  return readConfigFile("MCP_SERVERS", file, (json) => serversFile.parse(json));
}

/** Every MCP server that a run may reach: the operator's by name, and over http those that users name and `endpoints` lets pass. */
export function openMcpServers(
  operatorServers: OperatorServers,
  endpoints: Guard,
  teardown: Teardown,
): McpServers {
  const bounds = {
    trust: null,
    // A tool may answer with nothing before it is done.
    firstByteTimeoutMs: callTimeoutMs,
    betweenBytesTimeoutMs: callTimeoutMs,
    responseBytesMax: 10_000_000,
  };
  const users = createGuardedFetch({ ...bounds, guard: endpoints });
  teardown.add(() => users.close());
  // An address in the operator's own file is one that the operator allows, wherever it leads.
  const hosts = Object.values(operatorServers).flatMap((server) =>
    "url" in server ? [new URL(server.url).hostname.replace(/^\[(.*)\]$/, "$1")] : [],
  );
  const operator = createGuardedFetch({ ...bounds, guard: createGuard({ policy: { allow: hosts } }) });
  teardown.add(() => operator.close());
  const servers = createMcpServers({
    operatorServers,
    userFetch: users.fetch,
    operatorFetch: operator.fetch,
    openTimeoutMs: 15_000,
    callTimeoutMs,
  });
  teardown.add(() => servers.close());
  return servers;
}
