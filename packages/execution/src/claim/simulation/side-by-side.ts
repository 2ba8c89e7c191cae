import type { ModelCharge } from "../../engine/events.ts";
import type { ClaimRequest, ClaimStore } from "../port.ts";
import type { Settlement } from "../settlement.ts";
import type { Chance } from "./chance.ts";
import { leaseTicks, tickMs } from "./clock.ts";
import { baseChargeMicros, chargeOf, drawRequest, drawSettlement, topUpOf } from "./draw.ts";
import type { SimulatedPayer } from "./payer.ts";
import type { RunEnd } from "./stores/read-records.ts";
import type { SimulatedStore } from "./stores/simulated-store.ts";

const stepWeights = {
  claim: 24,
  claimSlowly: 4,
  claimForeign: 2,
  topUp: 8,
  charge: 8,
  settle: 10,
  release: 2,
  renew: 3,
  persist: 2,
  requestCancel: 1,
  crash: 2,
  stall: 3,
  free: 1,
  reap: 2,
  inspect: 2,
} as const;

export interface Worker {
  readonly store: SimulatedStore;
  readonly claims: ClaimStore;
  readonly payers: readonly SimulatedPayer[];
  readonly chance: Chance;
  /** Nobody else's: the worker's runs carry it in their ids. */
  readonly holder: string;
  readonly steps: number;
}

/** What a worker was told, to be held against the store afterwards. */
export interface Told {
  /** What claims and top-ups were answered. */
  readonly results: Set<string>;
  readonly admitted: ClaimRequest[];
  readonly ended: Map<string, RunEnd>;
  readonly released: Set<string>;
  /** Runs whose process is gone for good; some of them were settled late, and are told of in `ended`, too. */
  readonly crashed: Set<string>;
  /** By run: what its calls were charged. */
  readonly spent: Map<string, number>;
  /** By `payer/counter`. */
  readonly tokensTaken: Map<string, number>;
}

interface OwnRun {
  readonly request: ClaimRequest;
  readonly charges: ModelCharge[];
  heldMicros: number;
}

/** One process among several on the same payers: what it does is repeatable, how the others cut in is not. */
export async function runWorker({ store, claims, payers, chance, holder, steps }: Worker): Promise<Told> {
  const told: Told = {
    results: new Set(),
    admitted: [],
    ended: new Map(),
    released: new Set(),
    crashed: new Set(),
    spent: new Map(),
    tokensTaken: new Map(),
  };
  const running: OwnRun[] = [];

  async function claim(request: ClaimRequest): Promise<void> {
    // Sometimes the answer is lost on the way, and the same run asked for again beside the first attempt.
    const attempts = chance.odds(0.2)
      ? [claims.claim(request), claims.claim(request)]
      : [claims.claim(request)];
    const answers = await Promise.all(attempts);
    for (const { result } of answers) told.results.add(result);
    if (answers.every(({ result }) => result !== "claimed")) return;
    told.admitted.push(request);
    running.push({ request, charges: [], heldMicros: request.holdMicros });
    countToken(request, 1);
  }

  /** Who asked gave up, and gives back while the claim is still on its way; in the end nothing was taken. */
  async function claimSlowly(request: ClaimRequest): Promise<void> {
    await Promise.all([claims.claim(request), claims.release(request.runId, holder)]);
    await claims.release(request.runId, holder);
    if (await claims.release(request.runId, holder))
      throw new Error(`${request.runId} was given back twice.`);
    told.admitted.push(request);
    told.released.add(request.runId);
  }

  /** Under the id of a run that another payer has: refused or a conflict, and nothing is taken. */
  async function claimForeign(request: ClaimRequest): Promise<void> {
    const run = running.find((run) => run.request.payerId !== request.payerId);
    if (run === undefined) return;
    const { result } = await claims.claim({ ...request, runId: run.request.runId });
    if (result === "claimed") throw new Error(`${run.request.runId} was claimed for two payers.`);
    told.results.add(result);
  }

  function countToken({ payerId, rate }: ClaimRequest, change: 1 | -1): void {
    if (rate === null) return;
    const bucket = `${payerId}/${rate.counter}`;
    told.tokensTaken.set(bucket, (told.tokensTaken.get(bucket) ?? 0) + change);
  }

  async function topUp(run: OwnRun): Promise<void> {
    const addMicros = chance.between(1, 40_000);
    const { result } = await claims.topUp(topUpOf(run.request, addMicros));
    if (result === "lost") throw new Error(`${run.request.runId} lost a slot that it had kept.`);
    told.results.add(`top up: ${result}`);
    if (result === "held") run.heldMicros += addMicros;
  }

  async function charge(run: OwnRun): Promise<void> {
    const { runId, epoch } = run.request;
    const costMicros = chance.between(0, run.heldMicros - baseChargeMicros);
    const call = { runId, epoch, charge: chargeOf(`agent:${run.charges.length}`, costMicros) };
    run.charges.push(call.charge);
    run.heldMicros -= costMicros;
    told.spent.set(runId, (told.spent.get(runId) ?? 0) + costMicros);
    // Twice, crossing: it is charged once.
    await Promise.all([claims.settleCall(call), ...(chance.odds(0.3) ? [claims.settleCall(call)] : [])]);
  }

  async function settle(run: OwnRun): Promise<void> {
    // Two attempts that cross: one of them settles, and both are told how the run has ended.
    const settlement: Settlement = drawSettlement(chance, run.request, run.charges);
    const [first, second] = await Promise.all([claims.settle(settlement), claims.settle(settlement)]);
    if (first.status !== second.status || first.costMicros !== second.costMicros) {
      throw new Error(`${run.request.runId} was told ${first.status} and ${second.status}.`);
    }
    told.ended.set(run.request.runId, { status: first.status, costMicros: first.costMicros });
  }

  /** The process stalls until its lease has run out; it may come back too late and settle while others reap. */
  async function crash(run: OwnRun): Promise<void> {
    told.crashed.add(run.request.runId);
    await store.expire(run.request);
    if (chance.odds(0.5)) await Promise.all([settle(run), claims.reap()]);
  }

  /** The lease has run out, but its process lives: it keeps the run, or somebody has reaped it, and never both. */
  async function stall(run: OwnRun): Promise<void> {
    const { runId } = run.request;
    await store.expire(run.request);
    const [renewed] = await Promise.all([
      claims.renew(holder, [runId], leaseTicks * tickMs),
      store.processes[0]?.reap(),
    ]);
    if (renewed.length > 0) running.push(run);
    else told.crashed.add(runId);
  }

  async function free(run: OwnRun): Promise<void> {
    const { runId } = run.request;
    const [isFreed] = await Promise.all([claims.free(runId), settle(run)]);
    // Whoever reaps at this moment may finish it, and be told of it, too.
    if (isFreed && told.ended.get(runId)?.status !== "lost") throw new Error(`${runId} ended twice.`);
  }

  async function release({ request }: OwnRun): Promise<void> {
    if (!(await claims.release(request.runId, holder))) throw new Error(`${request.runId} was not there.`);
    told.released.add(request.runId);
    countToken(request, -1);
  }

  async function renew(): Promise<void> {
    const runIds = running.map(({ request }) => request.runId);
    const renewed = await claims.renew(holder, runIds, leaseTicks * tickMs);
    if (renewed.length !== runIds.length) throw new Error(`${holder} lost a lease that it had kept.`);
  }

  async function persist(): Promise<void> {
    const runIds = running.map(({ request }) => request.runId);
    const standing = await claims.persist(holder, runIds);
    if (standing.length !== runIds.length) throw new Error(`${holder} has a run that is not on record.`);
  }

  function anyRun(): OwnRun | undefined {
    return running[chance.between(0, Math.max(0, running.length - 1))];
  }

  function takeRun(isWanted: (run: OwnRun) => boolean = () => true): OwnRun | undefined {
    const run = anyRun();
    if (run === undefined || !isWanted(run)) return undefined;
    running.splice(running.indexOf(run), 1);
    return run;
  }

  for (let step = 1; step <= steps; step += 1) {
    const kind = chance.weighted(stepWeights);
    const request = drawRequest(chance, chance.pick(payers), `${holder}-${step}`, holder);
    switch (kind) {
      case "claim":
        await claim(request);
        break;
      case "claimSlowly":
        await claimSlowly(request);
        break;
      case "claimForeign":
        await claimForeign(request);
        break;
      case "inspect":
        await claims.inspect(request);
        break;
      case "reap":
        await claims.reap();
        break;
      case "renew":
        await renew();
        break;
      case "persist":
        await persist();
        break;
      case "topUp":
      case "charge":
      case "requestCancel": {
        const run = anyRun();
        if (run === undefined) break;
        if (kind === "topUp") await topUp(run);
        else if (kind === "charge") await charge(run);
        else if (!(await claims.requestCancel(run.request.runId))) throw new Error("A run was not there.");
        break;
      }
      case "settle":
      case "crash":
      case "stall":
      case "free":
      case "release": {
        // Only a claim without an answer is given back: such a run has not called anybody.
        const run = takeRun(kind === "release" ? ({ charges }) => charges.length === 0 : undefined);
        if (run !== undefined) await { settle, crash, stall, free, release }[kind](run);
        break;
      }
    }
  }
  return told;
}
