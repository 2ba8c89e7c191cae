import type { Bucket } from "@gantry/billing";
import type { Redis } from "ioredis";
import type { PayerInUse, RateCounter } from "../port.ts";
import { refilled } from "../token-bucket.ts";
import type { PayerKeys } from "./keys.ts";
import { luaNow, luaText } from "./lua.ts";
import { replyOf } from "./reply.ts";
import { defineScript, runScript } from "./script.ts";

export async function readInUse(
  redis: Redis,
  keys: PayerKeys,
  userId: string,
  buckets: Readonly<Record<RateCounter, Bucket | null>>,
): Promise<PayerInUse> {
  const reply = replyOf(
    await runScript(
      redis,
      inUseScript,
      [keys.slots, keys.held, keys.bucket("sync"), keys.bucket("async")],
      [userId],
    ),
  );
  const tokensOf = (bucket: Bucket | null, tokens: number | null, ageMs: number | null): number | null => {
    if (bucket === null) return null;
    return tokens === null || ageMs === null ? bucket.capacity : refilled(bucket, tokens, ageMs / 1_000);
  };
  return {
    slots: reply.number(0),
    heldMicros: reply.number(1),
    memberHeldMicros: reply.number(2),
    tokens: {
      sync: tokensOf(buckets.sync, reply.maybeNumber(3), reply.maybeNumber(4)),
      async: tokensOf(buckets.async, reply.maybeNumber(5), reply.maybeNumber(6)),
    },
  };
}

const inUseScript = defineScript(/* lua */ `
${luaNow}
${luaText}
local held = redis.call('HMGET', KEYS[2], 'all', 'u:' .. ARGV[1])
local answer = { redis.call('ZCARD', KEYS[1]), held[1] or '0', held[2] or '0' }
for i = 3, 4 do
  local kept = redis.call('HMGET', KEYS[i], 'tokens', 'at')
  table.insert(answer, kept[1])
  table.insert(answer, kept[2] and text(now - kept[2]))
end
return answer`);
