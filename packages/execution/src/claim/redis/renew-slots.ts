import type { Redis } from "ioredis";
import type { PayerKeys } from "./keys.ts";
import { keptMs, luaNow, luaText } from "./lua.ts";
import { replyOf } from "./reply.ts";
import { defineScript, runScript } from "./script.ts";

export interface RenewedSlot {
  readonly runId: string;
  /** Whether its row is in PostgreSQL. */
  readonly isRecorded: boolean;
  readonly holdMicros: number;
}

/** Prolongs the leases of a holder's runs, all of one payer. A run that is not in the answer has lost its slot. */
export async function renewSlots(
  redis: Redis,
  keys: PayerKeys,
  runIds: readonly string[],
  holder: string,
  leaseMs: number,
): Promise<readonly RenewedSlot[]> {
  const slots = runIds.map((runId) => keys.slot(runId));
  const reply = replyOf(
    await runScript(
      redis,
      renewScript,
      [keys.slots, keys.ends, keys.held, ...slots],
      [holder, leaseMs, ...runIds],
    ),
  );
  return runIds.flatMap((runId, index) => {
    const state = reply.text(2 * index);
    if (state === "lost") return [];
    return [{ runId, isRecorded: state === "recorded", holdMicros: reply.number(2 * index + 1) }];
  });
}

const renewScript = defineScript(/* lua */ `
${luaNow}
${luaText}
local holder, leaseMs = ARGV[1], ARGV[2]
-- First what needs no memory: a lease must not run out because the server is full.
for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ${keptMs}) end
local states = {}
for i = 4, #KEYS do
  local slot, runId = KEYS[i], ARGV[i - 1]
  local state = 'lost'
  local kept = redis.call('HMGET', slot, 'holder', 'hold')
  if kept[1] == holder then
    redis.call('ZADD', KEYS[1], 'XX', text(now + leaseMs), runId)
    redis.call('PEXPIRE', slot, ${keptMs})
    state = redis.call('HEXISTS', slot, 'row') == 1 and 'waiting' or 'recorded'
  end
  table.insert(states, state)
  table.insert(states, kept[2])
end
return states`);
