import type { Redis } from "ioredis";
import { ask } from "./ask.ts";

/** What decides whether a server can keep claims. */
export interface RedisServerFacts {
  /** Of Redis, or of the Redis that this Valkey is compatible with. Null: it does not say. */
  readonly majorVersion: number | null;
  readonly isReplica: boolean;
  /** Its `maxmemory-policy`, if that is one by which it drops keys of its own accord; null for none. */
  readonly evictionPolicy: string | null;
}

export async function readServerFacts(redis: Redis): Promise<RedisServerFacts> {
  const info = await ask(redis.info());
  const valueOf = (name: string): string | null =>
    new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? null;
  const version = Number.parseInt(valueOf("redis_version") ?? "", 10);
  const policy = valueOf("maxmemory_policy");
  return {
    majorVersion: Number.isNaN(version) ? null : version,
    isReplica: valueOf("role") === "slave",
    evictionPolicy: policy === "noeviction" ? null : policy,
  };
}
