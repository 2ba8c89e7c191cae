import type { Redis } from "ioredis";
import type postgres from "postgres";
import type { ClaimAnswer, ClaimRequest, ClaimStore, RenewedLease } from "../port.ts";
import { createPostgresClaimStore } from "../postgres/claim-store.ts";
import { runClaim } from "./claim.ts";
import { forgetSlot } from "./forget-slot.ts";
import { readInUse } from "./in-use.ts";
import { createKeys } from "./keys.ts";
import { moveSpent } from "./move-spent.ts";
import { createOwners } from "./owners.ts";
import { registerPayers } from "./payers.ts";
import { freeRun, reapExpired } from "./reap.ts";
import { releaseSlot } from "./release-slot.ts";
import { renewSlots } from "./renew-slots.ts";
import { createRunRecorder } from "./run-recorder.ts";
import { recordHolds, rowOf } from "./run-rows.ts";
import { readSettledMoney } from "./settled-money.ts";
import { claimedSlot, readSlot, type Slot } from "./slot.ts";
import { runTopUp } from "./top-up.ts";

export interface RedisClaimStoreDeps {
  /** Redis 7 or Valkey. See `openRedis` for what the client must be told. */
  readonly redis: Redis;
  /** The primary, through a pool whose commits wait for the disk. */
  readonly sql: postgres.Sql;
  /** Every key begins with it. Without braces. */
  readonly prefix: string;
}

/** Facts that are older than what Redis is sure to remember of settlements must not be claimed by. In milliseconds. */
const factsAgeMaxMs = 60_000;

/**
 * Claims on Redis, judged on its clock: Redis decides, PostgreSQL records.
 *
 * A claim, a top-up or a change of a slot is one script over the keys of one payer. Rows of runs, ledger and counters
 * are PostgreSQL's: what is charged is written there first, and then moves from held to settled here in one step, so
 * that in between it is counted twice and never not at all.
 */
export function createRedisClaimStore({ redis, sql, prefix }: RedisClaimStoreDeps): ClaimStore {
  const keys = createKeys(prefix);
  const rows = createPostgresClaimStore(sql);
  const owners = createOwners(redis, keys);
  const record = createRunRecorder({ redis, sql, keys, owners, find });

  async function find(runId: string): Promise<Slot | null> {
    const payerId = await owners.of(runId);
    return payerId === null ? null : await readSlot(redis, keys.payer(payerId), payerId, runId);
  }

  async function claim(request: ClaimRequest): Promise<ClaimAnswer> {
    const { runId, payerId, known } = request;
    const row = rowOf(request);
    if (known.ageMs > factsAgeMaxMs) throw new Error("The facts are too old to claim by.");
    const [, owner, { answer, isTaken }] = await Promise.all([
      registerPayers(redis, keys, [payerId], request.leaseMs),
      owners.claim(runId, payerId),
      runClaim(redis, keys.payer(payerId), request, row),
    ]);
    if (answer.result !== "claimed") return answer;
    if (owner !== null && owner !== payerId) {
      // Only the run's own key can say that, and it is not in reach of the payer's script.
      if (isTaken) await releaseSlot(redis, keys.payer(payerId), runId, request.holder);
      return { ...answer, result: "conflict" };
    }
    // Not waited for: what fails here is tried again, and told, by whoever needs the row.
    if (isTaken) void record(runId, claimedSlot(request, row)).catch(() => {});
    return answer;
  }

  /** After PostgreSQL has written what is charged. */
  async function settledMoneyOf(slot: Slot) {
    return (await readSettledMoney(sql, [slot])).of(slot.runId);
  }

  return {
    bucketsInFacts: false,
    claim,
    inspect: async (request) => (await runClaim(redis, keys.payer(request.payerId), request, null)).answer,
    inUse: ({ payerId, userId }, buckets) => readInUse(redis, keys.payer(payerId), userId, buckets),

    async persist(holder, runIds) {
      const slots = await Promise.all(runIds.map((runId) => record(runId)));
      const own = slots.filter((slot) => slot?.holder === holder);
      return await rows.persist(
        holder,
        own.flatMap((slot) => slot?.runId ?? []),
      );
    },

    async renew(holder, runIds, leaseMs): Promise<readonly RenewedLease[]> {
      const byPayer = await owners.keep(runIds);
      const renewed = await Promise.all(
        [...byPayer].map(([payerId, ofPayer]) =>
          renewSlots(redis, keys.payer(payerId), ofPayer, holder, leaseMs),
        ),
      );
      const standing = renewed.flat();
      await registerPayers(redis, keys, [...byPayer.keys()], leaseMs);
      await Promise.all(standing.flatMap(({ runId, isRecorded }) => (isRecorded ? [] : [record(runId)])));
      await recordHolds(sql, standing);
      return await rows.renew(
        holder,
        standing.map(({ runId }) => runId),
        leaseMs,
      );
    },

    topUp: (request) => runTopUp(redis, keys.payer(request.payerId), request),

    async settleCall(call) {
      const slot = await record(call.runId);
      await rows.settleCall(call);
      if (slot === null) return;
      await moveSpent(redis, keys.payer(slot.payerId), slot, call.epoch, await settledMoneyOf(slot));
    },

    async settle(settlement) {
      const { runId, epoch } = settlement;
      const slot = await record(runId);
      const settled = await rows.settle(settlement);
      if (slot !== null) await forgetSlot(redis, keys, slot, epoch, await settledMoneyOf(slot));
      return settled;
    },

    async release(runId, holder) {
      const payerId = await owners.of(runId);
      const release =
        payerId === null ? "none" : await releaseSlot(redis, keys.payer(payerId), runId, holder);
      if (release === "foreign") return false;
      // What is being written at this moment must not come after.
      await record(runId).catch(() => {});
      return (await rows.release(runId, holder)) || release === "released";
    },

    reap: () => reapExpired({ redis, sql, keys }),

    async free(runId) {
      const slot = await find(runId);
      const payerId = slot?.payerId ?? (await payerOfRow(sql, runId));
      return payerId !== null && (await freeRun({ redis, sql, keys }, { runId, payerId }));
    },

    async requestCancel(runId) {
      await record(runId);
      return await rows.requestCancel(runId);
    },
  };
}

async function payerOfRow(sql: postgres.Sql, runId: string): Promise<string | null> {
  const rows = await sql<{ payer_id: string }[]>`SELECT payer_id FROM slots WHERE run_id = ${runId}`;
  return rows[0]?.payer_id ?? null;
}
