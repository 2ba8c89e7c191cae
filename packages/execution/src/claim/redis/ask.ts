import { classifyRedisFailure } from "./redis-failure.ts";

/** What Redis could not answer. `code` is known to `classifyStoreFailure` of @gantry/db. */
export class RedisStoreError extends Error {
  readonly code: "REDIS_UNAVAILABLE" | "REDIS_DEFECT";

  constructor(error: unknown) {
    // Not as its cause: the driver's errors carry the command with all its arguments, and those are what people sent.
    super(`Redis: ${error instanceof Error ? error.message : String(error)}`);
    this.name = "RedisStoreError";
    this.code = classifyRedisFailure(error) === "unavailable" ? "REDIS_UNAVAILABLE" : "REDIS_DEFECT";
  }
}

/** The answer to a command. Throws `RedisStoreError` when there is none. */
export async function ask<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new RedisStoreError(error);
  }
}
