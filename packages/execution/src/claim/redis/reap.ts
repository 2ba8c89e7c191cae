import type { Redis } from "ioredis";
import type postgres from "postgres";
import { endLostRuns } from "../postgres/lost-runs.ts";
import { forgetSlot } from "./forget-slot.ts";
import type { Keys } from "./keys.ts";
import { readPayerSlots, settleDue, takeDuePayers } from "./payers.ts";
import { insertRunRows } from "./run-rows.ts";
import { seizeSlot } from "./seize-slot.ts";
import { readSettledMoney } from "./settled-money.ts";

interface ReapDeps {
  readonly redis: Redis;
  readonly sql: postgres.Sql;
  readonly keys: Keys;
}

/** A run that may be dead. */
interface Suspect {
  readonly runId: string;
  readonly payerId: string;
}

/** Ends the runs whose leases have run out. Returns the ids of those that are lost by it. */
export async function reapExpired(deps: ReapDeps): Promise<readonly string[]> {
  const suspects = [...(await expiredInRedis(deps)), ...(await expiredInPostgres(deps.sql))];
  const once = new Map(suspects.map((suspect) => [suspect.runId, suspect]));
  return await endAll(deps, [...once.values()], "expired");
}

/** Ends a run whatever its lease says. False when it holds no slot. */
export async function freeRun(deps: ReapDeps, suspect: Suspect): Promise<boolean> {
  return (await endAll(deps, [suspect], "always")).length > 0;
}

/**
 * The order is what keeps the money right. Seized, a slot still counts; then PostgreSQL ends its run, unless a settlement
 * did, so that nothing is charged to it any more; what is settled is read after that; and Redis learns of it in the same
 * step in which it lets go of the hold. Whoever dies in between leaves a slot that counts, and the next one goes on here.
 */
async function endAll(
  { redis, sql, keys }: ReapDeps,
  suspects: readonly Suspect[],
  when: "expired" | "always",
): Promise<readonly string[]> {
  const seized = await Promise.all(
    suspects.map(async ({ runId, payerId }) => ({
      runId,
      slot: await seizeSlot(redis, keys.payer(payerId), payerId, runId, when),
    })),
  );
  // A row without a slot in Redis is of a run that was lost with the data of Redis.
  const dead = seized.filter(({ slot }) => slot !== "live").map(({ runId }) => runId);
  const slots = seized.map(({ slot }) => slot).filter((slot) => slot !== null && slot !== "live");
  if (dead.length === 0) return [];
  await insertRunRows(sql, slots);
  const lost = await endLostRuns(sql, { kind: "these", runIds: dead });
  const money = await readSettledMoney(sql, slots);
  await Promise.all(slots.map((slot) => forgetSlot(redis, keys, slot, null, money.of(slot.runId))));
  return lost;
}

async function expiredInRedis({ redis, keys }: ReapDeps): Promise<Suspect[]> {
  const due = await takeDuePayers(redis, keys);
  const found = await Promise.all(
    due.map(async (payer) => {
      const { payerId } = payer;
      const { expired, nextMs } = await readPayerSlots(redis, keys.payer(payerId));
      // Where something was found somebody looks again soon: it may not come to its end here.
      if (expired.length === 0) await settleDue(redis, keys, payer, nextMs);
      return expired.map((runId) => ({ runId, payerId }));
    }),
  );
  return found.flat();
}

/** Their leases are prolonged together with those in Redis, but not while PostgreSQL is away: Redis has the last word. */
async function expiredInPostgres(sql: postgres.Sql): Promise<Suspect[]> {
  const rows = await sql<{ run_id: string; payer_id: string }[]>`
    SELECT run_id, payer_id FROM slots WHERE expires_at < clock_timestamp()`;
  return rows.map((row) => ({ runId: row.run_id, payerId: row.payer_id }));
}
