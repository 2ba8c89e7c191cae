import { type ClaimStore, createPostgresClaimStore, createRedisClaimStore } from "@gantry/execution";
import type { FastifyBaseLogger } from "fastify";
import type { Env } from "../env.ts";
import type { Primary } from "./open-primary.ts";
import { openClaimRedis } from "./open-redis.ts";

/** Where claims are kept, as runs are started and as they go on. */
export interface ClaimStores {
  readonly hotClaims: ClaimStore;
  readonly claims: ClaimStore;
  close(): void;
}

/** On Redis where an operator names one, else on the primary. Throws `OperatorError` when that Redis cannot be used. */
export async function openClaimStores(
  { redisUrl, redisPrefix: prefix }: Pick<Env, "redisUrl" | "redisPrefix">,
  { hot, general }: Pick<Primary, "hot" | "general">,
  logger: FastifyBaseLogger,
): Promise<ClaimStores> {
  if (redisUrl === null) {
    return {
      hotClaims: createPostgresClaimStore(hot.sql),
      claims: createPostgresClaimStore(general.sql),
      close: () => {},
    };
  }
  const { redis, close } = await openClaimRedis(redisUrl, (err) =>
    logger.error({ err }, "Redis cannot be reached; runs are refused until it can"),
  );
  const claims = createRedisClaimStore({ redis, sql: general.sql, prefix });
  return { hotClaims: claims, claims, close };
}
