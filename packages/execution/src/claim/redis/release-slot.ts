import type { Redis } from "ioredis";
import type { PayerKeys } from "./keys.ts";
import { luaHold, luaRemove, luaText } from "./lua.ts";
import { defineScript, runScript } from "./script.ts";

/** `foreign`: the slot is another holder's, or is being reaped, and nothing was done. */
export type Release = "released" | "none" | "foreign";

/** Gives back what a claim may have taken, its token too. */
export async function releaseSlot(
  redis: Redis,
  keys: PayerKeys,
  runId: string,
  holder: string,
): Promise<Release> {
  const answer = await runScript(
    redis,
    releaseScript,
    [keys.slots, keys.ends, keys.held, keys.slot(runId), keys.bucket("sync"), keys.bucket("async")],
    [runId, holder],
  );
  if (answer === "released" || answer === "none" || answer === "foreign") return answer;
  throw new Error("A release was not answered.");
}

const releaseScript = defineScript(/* lua */ `
${luaText}
${luaHold}
${luaRemove}
local slots, ends, held, slot, sync, async = unpack(KEYS)
local runId, holder = unpack(ARGV)
local kept = redis.call('HMGET', slot, 'holder', 'counter', 'user')
if not kept[3] then return 'none' end
if kept[1] ~= holder then return 'foreign' end
remove(slots, ends, held, slot, runId)
local bucket = ({ sync = sync, async = async })[kept[2]]
-- One that is gone is full.
if bucket and redis.call('EXISTS', bucket) == 1 then redis.call('HINCRBYFLOAT', bucket, 'tokens', 1) end
return 'released'`);
