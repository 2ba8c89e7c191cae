import { deepEqual } from "node:assert/strict";
import type { ClaimRequest } from "../port.ts";
import type { Chance } from "./chance.ts";
import { wronglyGrown } from "./growth.ts";
import { unrest, violations } from "./invariants.ts";
import { createModel, type Model } from "./model/model.ts";
import type { SimulatedPayer } from "./payer.ts";
import { type Effect, nothing, type Run, type Simulation } from "./simulation.ts";
import { claimSteps } from "./steps/claim-steps.ts";
import { leaseSteps } from "./steps/lease-steps.ts";
import { moneySteps } from "./steps/money-steps.ts";
import type { SimulatedStore } from "./stores/simulated-store.ts";

const steps = { ...claimSteps, ...moneySteps, ...leaseSteps };

const stepWeights: Readonly<Record<keyof typeof steps, number>> = {
  claim: 30,
  claimAndDie: 5,
  claimAgain: 6,
  inspect: 5,
  giveUp: 3,
  arriveLate: 4,
  giveBack: 4,
  release: 5,
  topUp: 14,
  settleCall: 10,
  loseCall: 2,
  settleCallAgain: 4,
  dieCharging: 4,
  settle: 10,
  settleAgain: 2,
  settleUnderOldEpoch: 2,
  dieSettling: 2,
  renew: 10,
  persist: 2,
  requestCancel: 2,
  free: 2,
  reap: 4,
  dieReaping: 3,
  passTicks: 5,
  changeLimits: 5,
  look: 3,
};

export interface HistoryOptions {
  readonly store: SimulatedStore;
  readonly payers: readonly SimulatedPayer[];
  readonly chance: Chance;
  readonly steps: number;
  /** Told before each step, so that a failure can say where it was. */
  readonly onStep: (step: number, what: string) => void;
}

export interface History {
  readonly model: Model;
  /** All that was answered. */
  readonly outcomes: ReadonlySet<string>;
}

/** A random history, one step at a time: every answer, and the whole state after every step, must be the model's. */
export async function runHistory({ store, payers, chance, ...options }: HistoryOptions): Promise<History> {
  const model = createModel(store);
  const outcomes = new Set<string>();
  let lastId = 0;
  const simulation: Simulation = {
    store,
    model,
    payers,
    chance,
    holders: ["holder-a", "holder-b", "holder-c"],
    newRunId: () => `run-${(lastId += 1)}`,
    running: new Map<string, Run>(),
    late: [],
    givenUp: new Map<string, ClaimRequest>(),
    recent: [],
    over: [],
    note: (outcome) => void outcomes.add(outcome),
  };
  const payerIds = payers.map(({ payerId }) => payerId);
  let before = await store.readState(payerIds);

  async function check(effect: Effect): Promise<void> {
    const state = await store.readState(payerIds);
    deepEqual(violations(state), []);
    deepEqual(unrest(state), []);
    deepEqual(wronglyGrown(before, state, payerIds, effect), []);
    if (effect.isRefusal) deepEqual(state, before);
    deepEqual(state, model.state());
    before = state;
  }

  for (let step = 1; step <= options.steps; step += 1) {
    const kind = chance.weighted(stepWeights);
    options.onStep(step, kind);
    const effect = await steps[kind](simulation);
    await check(effect);
    if (effect.thenTicks === undefined) continue;
    await store.passTicks(effect.thenTicks);
    model.passTicks(effect.thenTicks);
    await check(nothing);
  }
  return { model, outcomes };
}
