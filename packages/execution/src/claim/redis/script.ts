import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import { ask } from "./ask.ts";

/** A Lua script: Redis runs it as one step, nothing in between. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function defineScript(lua: string): Script {
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}

/** Runs a script by its digest; a server that does not know it, after a restart, is sent the text. Throws `RedisStoreError`. */
export async function runScript(
  redis: Redis,
  { lua, sha }: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  const run = redis.evalsha(sha, keys.length, ...keys, ...args).catch((error: unknown) => {
    if (!isUnknownScript(error)) throw error;
    return redis.eval(lua, keys.length, ...keys, ...args);
  });
  return await ask(run);
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("NOSCRIPT");
}
