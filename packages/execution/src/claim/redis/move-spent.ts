import type { Redis } from "ioredis";
import type { PayerKeys } from "./keys.ts";
import { keptMs, luaHold, luaRaise, luaText } from "./lua.ts";
import { defineScript, runScript } from "./script.ts";
import type { SettledMoney } from "./settled-money.ts";
import type { Slot } from "./slot.ts";

/** A call was charged in PostgreSQL: in one step as much leaves the run's hold as has become settled. Once, however often it is told. */
export async function moveSpent(
  redis: Redis,
  keys: PayerKeys,
  slot: Pick<Slot, "runId" | "userId" | "periodStart">,
  epoch: number,
  money: SettledMoney,
): Promise<void> {
  await runScript(
    redis,
    moveScript,
    [keys.slots, keys.held, keys.slot(slot.runId), keys.settled(slot.periodStart)],
    [slot.userId, epoch, money.spentMicros, money.settledMicros, money.memberSettledMicros],
  );
}

const moveScript = defineScript(/* lua */ `
${luaText}
${luaRaise}
${luaHold}
local slots, held, slot, settled = unpack(KEYS)
local user, epoch = ARGV[1], ARGV[2]
-- A server that is full lets a script begin with nothing that could need memory; this one needs none.
redis.call('PEXPIRE', slots, ${keptMs})
local kept = redis.call('HMGET', slot, 'epoch', 'hold', 'spent')
if kept[1] == epoch then
  local moved = tonumber(ARGV[3]) - kept[3]
  if moved > 0 then
    redis.call('HINCRBY', slot, 'spent', text(moved))
    addHold(held, slot, user, -math.min(moved, kept[2]))
  end
end
raise(settled, 'all', tonumber(ARGV[4]))
raise(settled, 'u:' .. user, tonumber(ARGV[5]))`);
