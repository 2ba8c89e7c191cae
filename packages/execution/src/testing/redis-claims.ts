import { once } from "node:events";
import { createTestDatabase, type TestDatabase } from "@gantry/db/testing";
import type { Redis } from "ioredis";
import type { ClaimStore } from "../claim/port.ts";
import { createRedisClaimStore } from "../claim/redis/claim-store.ts";
import { openRedis } from "../claim/redis/open-redis.ts";
import { type RedisServer, type RedisServerOptions, startRedisServer } from "./redis-server.ts";

export interface RedisClaims extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly server: RedisServer;
  readonly redis: Redis;
  readonly claims: ClaimStore;
  /** The same store, as another process has it. */
  readonly elsewhere: ClaimStore;
}

/** Claims on a Redis server and a database of their own. */
export async function openRedisClaims(options: RedisServerOptions = {}): Promise<RedisClaims> {
  const database = await createTestDatabase();
  const server = await startRedisServer(options);
  const clients = [openRedis(server.url, () => {}), openRedis(server.url, () => {})] as const;
  await Promise.all(clients.map(({ redis }) => once(redis, "ready")));
  const [claims, elsewhere] = clients.map(({ redis }) =>
    createRedisClaimStore({ redis, sql: database.sql, prefix: "gantry" }),
  );
  if (claims === undefined || elsewhere === undefined) throw new Error("There are two clients.");
  return {
    database,
    server,
    redis: clients[0].redis,
    claims,
    elsewhere,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await server[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}
