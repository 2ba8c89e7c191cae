import type postgres from "postgres";
import { settleRun } from "../settlement.ts";
import type { ClaimRequest, ClaimResult, ClaimStore } from "../port.ts";
import type { Chance } from "./chance.ts";
import { drawRequest, drawSettlement, type SimulatedPayer } from "./payer.ts";
import type { RunEnd } from "./state.ts";

const stepWeights = { claim: 24, settle: 10, abandon: 2, renew: 3, crash: 2, reap: 2, inspect: 2 } as const;

export interface Worker {
  readonly sql: postgres.Sql;
  readonly claims: ClaimStore;
  readonly payers: readonly SimulatedPayer[];
  readonly chance: Chance;
  /** Nobody else's: the worker's runs carry it in their ids. */
  readonly holder: string;
  readonly steps: number;
}

/** What a worker was told, to be held against the database afterwards. */
export interface Told {
  readonly results: Partial<Record<ClaimResult, number>>;
  readonly admitted: ClaimRequest[];
  readonly ended: Map<string, RunEnd>;
  readonly abandoned: Set<string>;
  /** Runs whose process is gone for good; some of them were settled late, and are told of in `ended`, too. */
  readonly crashed: Set<string>;
  /** By `payer/counter`. */
  readonly tokensTaken: Map<string, number>;
}

/** One process among several on the same payers: what it does is repeatable, how the others cut in is not. */
export async function runWorker({ sql, claims, payers, chance, holder, steps }: Worker): Promise<Told> {
  const told: Told = {
    results: {},
    admitted: [],
    ended: new Map(),
    abandoned: new Set(),
    crashed: new Set(),
    tokensTaken: new Map(),
  };
  const running: ClaimRequest[] = [];

  function takeOne(): ClaimRequest | undefined {
    return running.splice(chance.between(0, Math.max(0, running.length - 1)), 1)[0];
  }

  async function claim(request: ClaimRequest): Promise<void> {
    const { result } = await claims.claim(request);
    told.results[result] = (told.results[result] ?? 0) + 1;
    if (result !== "claimed") return;
    told.admitted.push(request);
    running.push(request);
    countTokens(request, 1);
  }

  function countTokens({ payerId, rate }: ClaimRequest, change: 1 | -1): void {
    if (rate === null) return;
    const bucket = `${payerId}/${rate.counter}`;
    told.tokensTaken.set(bucket, (told.tokensTaken.get(bucket) ?? 0) + change);
  }

  async function settle(request: ClaimRequest): Promise<void> {
    const { costMicros: _, ...settlement } = drawSettlement(chance, request);
    // Two attempts that cross: one of them settles, and both are told how the run has ended.
    const [first, second] = await Promise.all([settleRun(sql, settlement), settleRun(sql, settlement)]);
    if (first.status !== second.status || first.costMicros !== second.costMicros) {
      throw new Error(`${request.runId} was told ${first.status} and ${second.status}.`);
    }
    told.ended.set(request.runId, { status: first.status, costMicros: first.costMicros });
  }

  /** The process stalls until its lease has run out; it may come back too late and settle while others reap. */
  async function crash(request: ClaimRequest): Promise<void> {
    told.crashed.add(request.runId);
    await sql`UPDATE slots SET expires_at = clock_timestamp() - interval '1 s' WHERE run_id = ${request.runId}`;
    if (chance.odds(0.5)) await Promise.all([settle(request), claims.reap()]);
  }

  for (let step = 1; step <= steps; step += 1) {
    const kind = chance.weighted(stepWeights);
    const request = drawRequest(chance, chance.pick(payers), `${holder}-${step}`, holder);
    const own = kind === "settle" || kind === "abandon" || kind === "crash" ? takeOne() : undefined;
    if (kind === "claim") await claim(request);
    else if (kind === "inspect") await claims.inspect(request);
    else if (kind === "reap") await claims.reap();
    else if (kind === "renew") {
      const runIds = running.map((run) => run.runId);
      const renewed = await claims.renew(holder, runIds, 3_600_000);
      if (renewed.length !== runIds.length) throw new Error(`${holder} lost a lease that it had kept.`);
    } else if (own !== undefined) {
      if (kind === "settle") await settle(own);
      else if (kind === "crash") await crash(own);
      else {
        if (!(await claims.release(own.runId, holder))) throw new Error(`${own.runId} was not there.`);
        told.abandoned.add(own.runId);
        countTokens(own, -1);
      }
    }
  }
  return told;
}
