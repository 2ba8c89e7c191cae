import type { Redis } from "ioredis";
import type { ClaimRequest } from "../port.ts";
import type { PayerKeys } from "./keys.ts";
import { luaNow, luaText } from "./lua.ts";
import { type Reply, replyOf } from "./reply.ts";
import { defineScript, runScript } from "./script.ts";

/** What Redis keeps of a run in progress, as far as PostgreSQL needs it. */
export interface Slot {
  readonly runId: string;
  readonly payerId: string;
  readonly userId: string;
  /** ISO 8601. */
  readonly periodStart: string;
  /** Null: it is being reaped. */
  readonly holder: string | null;
  /** How long ago it was claimed, in milliseconds. */
  readonly ageMs: number;
  /** JSON text of its row; null once that is in PostgreSQL. */
  readonly row: string | null;
}

/** As it is right after the claim. */
export function claimedSlot(request: ClaimRequest, row: string): Slot {
  const { runId, payerId, userId, periodStart, holder } = request;
  return { runId, payerId, userId, periodStart, holder, ageMs: 0, row };
}

/** Null: the run holds no slot. */
export async function readSlot(
  redis: Redis,
  keys: PayerKeys,
  payerId: string,
  runId: string,
): Promise<Slot | null> {
  const answer = await runScript(redis, readScript, [keys.slot(runId)], []);
  return answer === null ? null : slotFrom(replyOf(answer), payerId, runId);
}

export function slotFrom(reply: Reply, payerId: string, runId: string): Slot {
  return {
    runId,
    payerId,
    userId: reply.text(0),
    periodStart: reply.text(1),
    holder: reply.maybeText(2),
    ageMs: reply.number(3),
    row: reply.maybeText(4),
  };
}

/** `read(slot)`: what `slotFrom` reads; `false` when the slot is not there. */
export const luaRead = /* lua */ `
${luaNow}
${luaText}
local function read(slot)
  local kept = redis.call('HMGET', slot, 'user', 'period', 'holder', 'at', 'row')
  if not kept[1] then return false end
  return { kept[1], kept[2], kept[3], text(now - kept[4]), kept[5] }
end`;

const readScript = defineScript(/* lua */ `
${luaRead}
return read(KEYS[1])`);
