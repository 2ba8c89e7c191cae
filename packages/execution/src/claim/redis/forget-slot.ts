import type { Redis } from "ioredis";
import { ask } from "./ask.ts";
import type { Keys } from "./keys.ts";
import { endedKeptMs, luaHold, luaNow, luaRaise, luaRemove, luaText } from "./lua.ts";
import { defineScript, runScript } from "./script.ts";
import type { SettledMoney } from "./settled-money.ts";
import type { Slot } from "./slot.ts";

/**
 * A run has ended in PostgreSQL: in one step its slot goes, and what is settled is known. Under another epoch than the
 * slot's it only makes that known; null is for whoever reaps.
 */
export async function forgetSlot(
  redis: Redis,
  keys: Keys,
  slot: Pick<Slot, "runId" | "payerId" | "userId" | "periodStart">,
  epoch: number | null,
  money: SettledMoney,
): Promise<void> {
  const { runId, userId } = slot;
  const own = keys.payer(slot.payerId);
  await Promise.all([
    runScript(
      redis,
      forgetScript,
      [own.slots, own.ends, own.held, own.ended, own.slot(runId), own.settled(slot.periodStart)],
      [runId, userId, epoch ?? "", money.settledMicros, money.memberSettledMicros],
    ),
    ask(redis.pexpire(keys.owner(runId), endedKeptMs)),
  ]);
}

const forgetScript = defineScript(/* lua */ `
${luaNow}
${luaText}
${luaRaise}
${luaHold}
${luaRemove}
local slots, ends, held, ended, slot, settled = unpack(KEYS)
local runId, user, epoch = unpack(ARGV, 1, 3)
-- One that is being reaped goes when that has come to its end: only then has its run ended for certain.
if epoch == '' or redis.call('HGET', slot, 'epoch') == epoch then
  remove(slots, ends, held, slot, runId)
  redis.call('ZREMRANGEBYSCORE', ended, '-inf', text(now - ${endedKeptMs}))
  redis.call('ZADD', ended, text(now), runId)
  redis.call('PEXPIRE', ended, ${endedKeptMs})
end
raise(settled, 'all', tonumber(ARGV[4]))
raise(settled, 'u:' .. user, tonumber(ARGV[5]))`);
