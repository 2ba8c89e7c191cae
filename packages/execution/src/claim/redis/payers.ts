import type { Redis } from "ioredis";
import type { Keys, PayerKeys } from "./keys.ts";
import { luaNow, luaText } from "./lua.ts";
import { replyOf } from "./reply.ts";
import { defineScript, runScript } from "./script.ts";

/** While one process looks at a payer, others need not. In milliseconds. */
const lookAgainMs = 1_000;
const takenAtOnceMax = 500;

/**
 * Payers that may have slots, each with the time at which one of them may have expired. A payer is in here before its
 * first slot is: one that has none costs a look, and one that were missing would be back with its next claim or renewal.
 */
export async function registerPayers(
  redis: Redis,
  keys: Keys,
  payerIds: readonly string[],
  leaseMs: number,
): Promise<void> {
  if (payerIds.length > 0) await runScript(redis, registerScript, [keys.payers], [leaseMs, ...payerIds]);
}

// LT: whoever is due sooner stays so.
const registerScript = defineScript(/* lua */ `
${luaNow}
${luaText}
-- A server that is full lets a script begin with nothing that could need memory, and leases must be renewed all the same.
redis.call('PERSIST', KEYS[1])
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], 'LT', text(now + ARGV[1]), ARGV[i]) end`);

export interface DuePayer {
  readonly payerId: string;
  /** What `settleDue` is to be told. */
  readonly mark: string;
}

/** Payers of whom a slot may have expired. Nobody else is given them for a second. */
export async function takeDuePayers(redis: Redis, keys: Keys): Promise<readonly DuePayer[]> {
  const taken: DuePayer[] = [];
  for (;;) {
    const reply = replyOf(await runScript(redis, dueScript, [keys.payers], []));
    const mark = reply.text(0);
    const payerIds = reply.textsFrom(1);
    taken.push(...payerIds.map((payerId) => ({ payerId, mark })));
    if (payerIds.length < takenAtOnceMax) return taken;
  }
}

const dueScript = defineScript(/* lua */ `
${luaNow}
${luaText}
local mark = text(now + ${lookAgainMs})
local answer = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', text(now), 'LIMIT', 0, ${takenAtOnceMax})
for _, payer in ipairs(answer) do
  redis.call('ZREM', KEYS[1], payer)
  redis.call('ZADD', KEYS[1], mark, payer)
end
table.insert(answer, 1, mark)
return answer`);

/** Says when to look at a payer next; null: it has no slots. Of no effect where that was said anew meanwhile. */
export async function settleDue(
  redis: Redis,
  keys: Keys,
  { payerId, mark }: DuePayer,
  nextMs: number | null,
): Promise<void> {
  await runScript(redis, settleDueScript, [keys.payers], [payerId, mark, nextMs ?? ""]);
}

const settleDueScript = defineScript(/* lua */ `
${luaNow}
${luaText}
local payer, mark, nextMs = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
if tonumber(redis.call('ZSCORE', KEYS[1], payer)) ~= mark then return end
redis.call('ZREM', KEYS[1], payer)
if nextMs then redis.call('ZADD', KEYS[1], text(now + nextMs), payer) end`);

export interface PayerSlots {
  /** Run ids of slots whose leases have run out. */
  readonly expired: readonly string[];
  /** Until the next lease may run out; null when there is no other slot. */
  readonly nextMs: number | null;
}

export async function readPayerSlots(redis: Redis, keys: PayerKeys): Promise<PayerSlots> {
  const answer = replyOf(await runScript(redis, slotsScript, [keys.slots], []));
  return { nextMs: answer.maybeNumber(0), expired: answer.textsFrom(1) };
}

const slotsScript = defineScript(/* lua */ `
${luaNow}
${luaText}
local answer = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', text(now))
local next = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. text(now), '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
table.insert(answer, 1, next and text(next - now) or false)
return answer`);
