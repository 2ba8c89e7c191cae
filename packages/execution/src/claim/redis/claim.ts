import type { Redis } from "ioredis";
import type { ClaimAnswer, ClaimRequest, ClaimResult } from "../port.ts";
import type { PayerKeys } from "./keys.ts";
import { keptMs, luaHold, luaNow, luaRaise, luaText } from "./lua.ts";
import { replyOf } from "./reply.ts";
import { defineScript, runScript } from "./script.ts";

export interface JudgedClaim {
  readonly answer: ClaimAnswer;
  /** False when nothing was taken, also because this run holds its slot already. */
  readonly isTaken: boolean;
}

/**
 * Judges a claim as `claim_run` in PostgreSQL does, in the same order, and where there is a row to keep takes token, slot
 * and hold. What is settled is the greater of what this store was told by settlements and what the facts read.
 */
export async function runClaim(
  redis: Redis,
  keys: PayerKeys,
  request: ClaimRequest,
  row: string | null,
): Promise<JudgedClaim> {
  const { runId, rate, known } = request;
  const bucket = rate === null ? [] : [keys.bucket(rate.counter)];
  const reply = replyOf(
    await runScript(
      redis,
      claimScript,
      [
        keys.slots,
        keys.ends,
        keys.held,
        keys.ended,
        keys.slot(runId),
        keys.settled(request.periodStart),
        ...bucket,
      ],
      [
        row === null ? "inspect" : "spend",
        runId,
        request.userId,
        request.holder,
        request.epoch,
        request.leaseMs,
        request.expectedMs,
        request.periodStart,
        rate?.counter ?? "",
        rate?.perMinute ?? "",
        rate?.capacity ?? "",
        request.concurrentRunsMax ?? "",
        request.holdMicros,
        request.limitMicros ?? "",
        request.memberLimitMicros ?? "",
        known.settledMicros,
        known.memberSettledMicros,
        row ?? "",
      ],
    ),
  );
  const answer = {
    result: resultOf(reply.text(1)),
    tokens: reply.maybeNumber(2),
    slotsInUse: reply.number(3),
    earliestEndMs: reply.maybeNumber(4),
    settledMicros: reply.number(5),
    heldMicros: reply.number(6),
    memberSettledMicros: reply.number(7),
    memberHeldMicros: reply.number(8),
  };
  return { answer, isTaken: reply.text(0) === "taken" };
}

const results: Readonly<Record<ClaimResult, true>> = {
  claimed: true,
  conflict: true,
  usage: true,
  member_usage: true,
  rate: true,
  concurrency: true,
  payer_headroom: true,
  member_headroom: true,
};

function resultOf(text: string): ClaimResult {
  if (isResult(text)) return text;
  throw new Error(`A claim was answered with ${text}.`);
}

function isResult(text: string): text is ClaimResult {
  return Object.hasOwn(results, text);
}

const claimScript = defineScript(/* lua */ `
${luaNow}
${luaText}
${luaRaise}
${luaHold}
local slots, ends, heldKey, ended, slot, settledKey, bucket = unpack(KEYS)
local mode, runId, user, holder, epoch = unpack(ARGV, 1, 5)
local leaseMs, expectedMs, period, counter = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8], ARGV[9]
local perMinute, capacity, slotsMax = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
-- A limit that is not there is nil.
local hold, limit, memberLimit = tonumber(ARGV[13]), tonumber(ARGV[14]), tonumber(ARGV[15])
local member = 'u:' .. user

local tokens
if bucket then
  local kept = redis.call('HMGET', bucket, 'tokens', 'at')
  tokens = capacity
  if kept[1] then tokens = math.min(capacity, kept[1] + math.max(0, now - kept[2]) * perMinute / 60000) end
end
local inUse = redis.call('ZCARD', slots)
local first = redis.call('ZRANGE', ends, 0, 0, 'WITHSCORES')[2]
local holds = redis.call('HMGET', heldKey, 'all', member)
local held, memberHeld = tonumber(holds[1]) or 0, tonumber(holds[2]) or 0
local own = redis.call('HMGET', settledKey, 'all', member)
local settled = math.max(tonumber(own[1]) or 0, tonumber(ARGV[16]))
local memberSettled = 0
if memberLimit then memberSettled = math.max(tonumber(own[2]) or 0, tonumber(ARGV[17])) end
-- A slot without a holder is being reaped.
local mine = redis.call('HMGET', slot, 'at', 'holder')

local result = 'claimed'
if mine[1] then
  if not mine[2] then result = 'conflict' end
elseif limit and settled + hold > limit then result = 'usage'
elseif memberLimit and memberSettled + hold > memberLimit then result = 'member_usage'
elseif tokens and tokens < 1 then result = 'rate'
elseif slotsMax and inUse >= slotsMax then result = 'concurrency'
elseif limit and settled + held + hold > limit then result = 'payer_headroom'
elseif memberLimit and memberSettled + memberHeld + hold > memberLimit then result = 'member_headroom'
elseif mode == 'spend' and redis.call('ZSCORE', ended, runId) then result = 'conflict'
end

local taken = mode == 'spend' and result == 'claimed' and not mine[1]
if taken then
  addHold(heldKey, slot, user, hold)
  redis.call('HSET', slot, 'holder', holder, 'epoch', epoch, 'user', user, 'period', period, 'counter', counter,
             'spent', 0, 'at', text(now), 'row', ARGV[18])
  redis.call('ZADD', slots, text(now + leaseMs), runId)
  redis.call('ZADD', ends, text(now + expectedMs), runId)
  raise(settledKey, 'all', settled)
  raise(settledKey, member, memberSettled)
  for _, key in ipairs({ heldKey, slot, slots, ends, settledKey }) do redis.call('PEXPIRE', key, ${keptMs}) end
  if bucket then
    redis.call('HSET', bucket, 'tokens', text(tokens - 1), 'at', text(now))
    -- A bucket that is full again is the same as none.
    redis.call('PEXPIRE', bucket, text(math.min(${keptMs}, math.ceil((capacity - tokens + 1) / perMinute * 60000) + 1000)))
  end
end
-- An answer ends at its first nil; false is sent as null.
return { taken and "taken" or "seen", result, tokens and text(tokens) or false, inUse, first and text(math.max(0, first - now)) or false,
         text(settled), text(held), text(memberSettled), text(memberHeld) }`);
