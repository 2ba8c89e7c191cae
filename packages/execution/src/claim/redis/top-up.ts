import type { Redis } from "ioredis";
import type { TopUpAnswer, TopUpRequest } from "../port.ts";
import type { PayerKeys } from "./keys.ts";
import { luaHold, luaNow, luaText } from "./lua.ts";
import { replyOf } from "./reply.ts";
import { defineScript, runScript } from "./script.ts";

/** Judges a top-up as `top_up_hold` in PostgreSQL does, and takes it. */
export async function runTopUp(redis: Redis, keys: PayerKeys, request: TopUpRequest): Promise<TopUpAnswer> {
  const { runId } = request;
  const reply = replyOf(
    await runScript(
      redis,
      topUpScript,
      [keys.ends, keys.held, keys.slot(runId), keys.settled(request.periodStart)],
      [
        runId,
        request.userId,
        request.epoch,
        request.addMicros,
        request.limitMicros ?? "",
        request.memberLimitMicros ?? "",
      ],
    ),
  );
  return {
    result: resultOf(reply.text(0)),
    earliestEndMs: reply.maybeNumber(1),
    settledMicros: reply.number(2),
    heldMicros: reply.number(3),
    memberSettledMicros: reply.number(4),
    memberHeldMicros: reply.number(5),
  };
}

const results: Readonly<Record<TopUpAnswer["result"], true>> = {
  held: true,
  lost: true,
  usage: true,
  member_usage: true,
  payer_headroom: true,
  member_headroom: true,
};

function resultOf(text: string): TopUpAnswer["result"] {
  if (isResult(text)) return text;
  throw new Error(`A top-up was answered with ${text}.`);
}

function isResult(text: string): text is TopUpAnswer["result"] {
  return Object.hasOwn(results, text);
}

const topUpScript = defineScript(/* lua */ `
${luaNow}
${luaText}
${luaHold}
local ends, heldKey, slot, settledKey = unpack(KEYS)
local runId, user, epoch = unpack(ARGV, 1, 3)
local add, limit, memberLimit = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local member = 'u:' .. user

-- The first two: the run's own end does not help it.
local first
local next = redis.call('ZRANGE', ends, 0, 1, 'WITHSCORES')
for i = 1, #next, 2 do
  if next[i] ~= runId and not first then first = next[i + 1] end
end
local holds = redis.call('HMGET', heldKey, 'all', member)
local held, memberHeld = tonumber(holds[1]) or 0, tonumber(holds[2]) or 0
local own = redis.call('HMGET', settledKey, 'all', member)
local settled = tonumber(own[1]) or 0
local memberSettled = 0
if memberLimit then memberSettled = tonumber(own[2]) or 0 end
local kept = redis.call('HMGET', slot, 'epoch', 'hold')
local ownHold = tonumber(kept[2])

local result = 'held'
if kept[1] ~= epoch then result = 'lost'
elseif limit and settled + ownHold + add > limit then result = 'usage'
elseif memberLimit and memberSettled + ownHold + add > memberLimit then result = 'member_usage'
elseif limit and settled + held + add > limit then result = 'payer_headroom'
elseif memberLimit and memberSettled + memberHeld + add > memberLimit then result = 'member_headroom'
end
if result == 'held' then addHold(heldKey, slot, user, add) end
-- An answer ends at its first nil; false is sent as null.
return { result, first and text(math.max(0, first - now)) or false,
         text(settled), text(held), text(memberSettled), text(memberHeld) }`);
