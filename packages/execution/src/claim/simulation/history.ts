import { deepEqual, equal, ok } from "node:assert/strict";
import type postgres from "postgres";
import { settleRun } from "../settlement.ts";
import type { ClaimAnswer, ClaimRequest, ClaimResult, ClaimStore } from "../port.ts";
import type { Chance } from "./chance.ts";
import { changeLimits } from "./change-limits.ts";
import { violations } from "./invariants.ts";
import { createModel, type Model } from "./model.ts";
import { drawRequest, drawSettlement, type SimulatedPayer } from "./payer.ts";
import { readState, tokensPerMinute } from "./state.ts";

const stepWeights = {
  claim: 30,
  inspect: 10,
  settle: 14,
  settleAgain: 3,
  settleUnderOldEpoch: 3,
  abandon: 4,
  renew: 4,
  persist: 2,
  requestCancel: 2,
  expire: 5,
  reap: 3,
  refill: 3,
  changeLimits: 5,
} as const;
type Step = keyof typeof stepWeights;

export interface HistoryOptions {
  readonly sql: postgres.Sql;
  readonly claims: ClaimStore;
  readonly payers: readonly SimulatedPayer[];
  readonly chance: Chance;
  readonly steps: number;
  /** Told before each step, so that a failure can say where it was. */
  readonly onStep: (step: number, what: string) => void;
}

export interface History {
  readonly model: Model;
  /** How often a claim was answered so. */
  readonly results: Readonly<Partial<Record<ClaimResult, number>>>;
}

/** A random history, one step at a time: every answer, and the whole state after every step, must be the model's. */
export async function runHistory(options: HistoryOptions): Promise<History> {
  const { sql, claims, payers, chance } = options;
  const model = createModel();
  const results: Partial<Record<ClaimResult, number>> = {};
  const holders = ["holder-a", "holder-b", "holder-c"];
  /** Everything ever admitted, ended or not. */
  const admitted: ClaimRequest[] = [];
  let lastId = 0;

  function draw(): ClaimRequest {
    lastId += 1;
    return drawRequest(chance, chance.pick(payers), `run-${lastId}`, chance.pick(holders));
  }

  function inProgress(): ClaimRequest | null {
    const slots = [...model.slots.values()];
    return slots.length === 0 ? null : chance.pick(slots).request;
  }

  /** Of runs in progress or not; a few of their ids, and one that never was. */
  function someIds(): string[] {
    return [...new Set(["never", ...[...model.slots.keys()].filter(() => chance.odds(0.5)), ...endedIds(3)])];
  }

  function endedIds(count: number): string[] {
    return admitted.length === 0 ? [] : Array.from({ length: count }, () => chance.pick(admitted).runId);
  }

  async function claim(request: ClaimRequest): Promise<ClaimAnswer> {
    const predicted = model.judge(request);
    const answer = await claims.claim(request);
    sameAnswer(answer, predicted);
    results[answer.result] = (results[answer.result] ?? 0) + 1;
    if (answer.result === "claimed") {
      model.take(request);
      admitted.push(request);
      // Limits may have been lowered since: they bind whoever is admitted now, and end nobody.
      within(answer.slotsInUse + 1, request.concurrentRunsMax);
      within(answer.settledMicros + answer.heldMicros + request.holdMicros, request.limitMicros);
      within(
        answer.memberSettledMicros + answer.memberHeldMicros + request.holdMicros,
        request.memberLimitMicros,
      );
    }
    return answer;
  }

  async function settle(request: ClaimRequest, epoch: number): Promise<void> {
    const { costMicros, ...settlement } = drawSettlement(chance, request);
    const predicted = model.settle(request.runId, epoch, settlement.record.status, costMicros);
    const { status, costMicros: charged } = await settleRun(sql, { ...settlement, epoch });
    deepEqual({ status, costMicros: charged }, predicted ?? { status: "lost", costMicros: 0 });
  }

  async function take(step: Step): Promise<void> {
    switch (step) {
      case "claim":
        await claim(draw());
        return;
      case "inspect": {
        const request = draw();
        const inspected = await claims.inspect(request);
        deepEqual(await readState(sql), model.state());
        sameAnswer(await claim(request), inspected);
        return;
      }
      case "settle": {
        const request = inProgress();
        if (request !== null) await settle(request, request.epoch);
        return;
      }
      case "settleAgain": {
        const request = admitted.length === 0 ? null : chance.pick(admitted);
        if (request === null) return;
        await settle(request, request.epoch);
        await settle(request, request.epoch);
        return;
      }
      case "settleUnderOldEpoch": {
        const request = inProgress();
        if (request !== null) await settle(request, request.epoch - 1);
        return;
      }
      case "abandon": {
        const runId = chance.pick(someIds());
        const holder = chance.pick(holders);
        const predicted = model.abandon(runId, holder);
        equal(await claims.release(runId, holder), predicted);
        return;
      }
      case "renew": {
        const [holder, runIds] = [chance.pick(holders), someIds()];
        const renewed = await claims.renew(holder, runIds, 3_600_000);
        deepEqual(byRun(renewed), byRun(model.renew(holder, runIds)));
        return;
      }
      case "persist": {
        const [holder, runIds] = [chance.pick(holders), someIds()];
        deepEqual(
          [...(await claims.persist(holder, runIds))].sort(),
          [...model.persist(holder, runIds)].sort(),
        );
        return;
      }
      case "requestCancel": {
        const runId = chance.pick(someIds());
        equal(await claims.requestCancel(runId), model.requestCancel(runId));
        return;
      }
      case "expire": {
        const request = inProgress();
        if (request === null) return;
        await sql`UPDATE slots SET expires_at = clock_timestamp() - interval '1 s' WHERE run_id = ${request.runId}`;
        model.expire(request.runId);
        return;
      }
      case "reap":
        deepEqual([...(await claims.reap())].sort(), [...model.reap()].sort());
        return;
      case "refill": {
        const { payerId } = chance.pick(payers);
        const tokens = chance.between(1, 6);
        // A minute more than they need, so that rounding cannot hold back the last one.
        await sql`UPDATE rate_buckets
                     SET refilled_at = refilled_at - ${tokens / tokensPerMinute + 1}::float8 * interval '1 minute'
                   WHERE payer_id = ${payerId}`;
        model.refill(payerId, tokens);
        return;
      }
      case "changeLimits":
        changeLimits(chance, chance.pick(payers));
        return;
    }
  }

  for (let step = 1; step <= options.steps; step += 1) {
    const kind = chance.weighted(stepWeights);
    options.onStep(step, kind);
    await take(kind);
    const state = await readState(sql);
    deepEqual(state, model.state());
    deepEqual(violations(state, new Map()), []);
  }
  return { model, results };
}

/** The same to the micro-dollar and the slot; tokens and times as near as clocks that go on allow. */
function sameAnswer(actual: ClaimAnswer, predicted: ClaimAnswer): void {
  const rounded = (answer: ClaimAnswer) => ({
    ...answer,
    tokens: answer.tokens === null ? null : Math.round(answer.tokens * 1_000) / 1_000,
    earliestEndMs: answer.earliestEndMs === null ? null : Math.ceil(answer.earliestEndMs / 1_800_000),
  });
  deepEqual(rounded(actual), rounded(predicted));
}

function within(value: number, limit: number | null): void {
  ok(limit === null || value <= limit, `${value} after a claim, of ${limit}`);
}

function byRun<T extends { readonly runId: string }>(leases: readonly T[]): Record<string, T> {
  return Object.fromEntries(leases.map((lease) => [lease.runId, lease]));
}
