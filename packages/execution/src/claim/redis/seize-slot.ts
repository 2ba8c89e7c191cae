import type { Redis } from "ioredis";
import type { PayerKeys } from "./keys.ts";
import { replyOf } from "./reply.ts";
import { defineScript, runScript } from "./script.ts";
import { luaRead, type Slot, slotFrom } from "./slot.ts";

/**
 * Takes a slot from its holder, if its lease has run out or an operator wants it: from now on nobody can renew, top up
 * or settle the run through it, but it counts until it is forgotten. Null: it is not there; `live`: nothing was done.
 */
export async function seizeSlot(
  redis: Redis,
  keys: PayerKeys,
  payerId: string,
  runId: string,
  when: "expired" | "always",
): Promise<Slot | "live" | null> {
  const answer = await runScript(
    redis,
    seizeScript,
    [keys.slots, keys.ends, keys.slot(runId)],
    [runId, when],
  );
  if (answer === "live") return "live";
  return answer === null ? null : slotFrom(replyOf(answer), payerId, runId);
}

const seizeScript = defineScript(/* lua */ `
${luaRead}
local slots, ends, slot = unpack(KEYS)
local runId, when = unpack(ARGV)
local expires = tonumber(redis.call('ZSCORE', slots, runId))
if when == 'expired' and expires and expires > now then return 'live' end
if redis.call('EXISTS', slot) == 0 then
  redis.call('ZREM', slots, runId)
  redis.call('ZREM', ends, runId)
  return false
end
-- Takes memory back, and so it may also be done on a server that is full.
redis.call('HDEL', slot, 'holder', 'epoch')
-- Whoever finds it after us, because we got no further, finishes it.
if expires then redis.call('ZADD', slots, 'XX', 0, runId) end
return read(slot)`);
