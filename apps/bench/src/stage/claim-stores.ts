import { once } from "node:events";
import {
  type ClaimStore,
  createPostgresClaimStore,
  createRedisClaimStore,
  openRedis,
} from "@gantry/execution";
import { startRedisServer } from "@gantry/execution/testing";
import type { Stage } from "./stage.ts";

export interface ClaimStores extends AsyncDisposable {
  readonly postgres: ClaimStore;
  /** Null where this machine has no Redis server. */
  readonly redis: ClaimStore | null;
}

/** Each as the service has it: PostgreSQL through the hot pool, Redis on a server that keeps nothing on disk. */
export async function openClaimStores({ hot, general }: Stage): Promise<ClaimStores> {
  const postgres = createPostgresClaimStore(hot.sql);
  const server = await startRedisServer().catch(() => null);
  if (server === null) return { postgres, redis: null, [Symbol.asyncDispose]: async () => {} };
  const { redis, close } = openRedis(server.url, () => {});
  await once(redis, "ready");
  return {
    postgres,
    redis: createRedisClaimStore({ redis, sql: general.sql, prefix: "bench" }),
    async [Symbol.asyncDispose]() {
      close();
      await server[Symbol.asyncDispose]();
    },
  };
}
