import { once } from "node:events";
import { openRedis, type RedisClient, readServerFacts } from "@gantry/execution";
import { OperatorError } from "./operator-error.ts";

const startTimeoutMs = 5_000;

/**
 * The operator's Redis or Valkey, connected and fit to keep claims. Throws `OperatorError` when it is not. `onError` is
 * told of every later attempt to reach it that fails.
 */
export async function openClaimRedis(url: string, onError: (error: Error) => void): Promise<RedisClient> {
  let isOpen = false;
  const client = openRedis(url, (error) => {
    if (isOpen) onError(error);
  });
  try {
    await once(client.redis, "ready", { signal: AbortSignal.timeout(startTimeoutMs) });
    const problem = problemOf(await readServerFacts(client.redis));
    if (problem !== null) throw new Error(problem);
    isOpen = true;
    return client;
  } catch (error) {
    client.close();
    const reason = error instanceof Error ? error.message.replace(/\.$/, "") : String(error);
    // Without user and password.
    throw new OperatorError(
      `The Redis server ${new URL(url).host} cannot be used: ${reason}. Check REDIS_URL and that the server is running.`,
      { cause: error },
    );
  }
}

function problemOf(server: Awaited<ReturnType<typeof readServerFacts>>): string | null {
  if (server.majorVersion === null || server.majorVersion < 7) return "it is older than Redis 7";
  if (server.isReplica) return "it is a replica, and claims are written";
  if (server.evictionPolicy !== null) {
    return `its maxmemory-policy is ${server.evictionPolicy}, by which it would drop slots and holds: it must be noeviction`;
  }
  return null;
}
