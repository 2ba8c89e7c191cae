import { deepEqual } from "node:assert/strict";
import type { ClaimRequest } from "../../port.ts";
import { changeLimits } from "../change-limits.ts";
import { leaseTicks, tickMs } from "../clock.ts";
import { bucketOf } from "../draw.ts";
import { sameAnswer } from "../same-answer.ts";
import { type Effect, nothing, refused, type Simulation } from "../simulation.ts";
import { tenths } from "../state.ts";

/** Time, limits, and all that happens to runs from outside. */
export const leaseSteps = {
  async renew(simulation: Simulation): Promise<Effect> {
    const { chance, model, store, holders } = simulation;
    const holder = chance.pick(holders);
    const runIds = chance.odds(0.7) ? idsOf(simulation, holder) : someIds(simulation);
    const predicted = model.renew(holder, runIds, leaseTicks);
    const renewed = await chance.pick(store.processes).renew(holder, runIds, leaseTicks * tickMs);
    deepEqual(byRun(renewed), byRun(predicted));
    return nothing;
  },

  async persist(simulation: Simulation): Promise<Effect> {
    const { chance, model, store, holders } = simulation;
    const [holder, runIds] = [chance.pick(holders), someIds(simulation)];
    const predicted = model.persist(holder, runIds);
    const standing = await chance.pick(store.processes).persist(holder, runIds);
    deepEqual([...standing].sort(), [...predicted].sort());
    return nothing;
  },

  async requestCancel(simulation: Simulation): Promise<Effect> {
    const { chance, model, store } = simulation;
    const runId = chance.pick(someIds(simulation));
    const predicted = model.requestCancel(runId);
    sameAnswer(await chance.pick(store.processes).requestCancel(runId), predicted);
    return nothing;
  },

  async free(simulation: Simulation): Promise<Effect> {
    const { chance, model, store, note } = simulation;
    const runId = chance.pick(someIds(simulation));
    const predicted = model.free(runId, null);
    sameAnswer(await chance.pick(store.processes).free(runId), predicted);
    note(`free: ${predicted}`);
    return nothing;
  },

  async reap(simulation: Simulation): Promise<Effect> {
    const { chance, model, store, note } = simulation;
    const predicted = model.reap(null);
    const reaped = await chance.pick(store.processes).reap();
    deepEqual([...reaped].sort(), [...predicted].sort());
    note(`reap: ${reaped.length > 0}`);
    return nothing;
  },

  /** An operator or a process that looks after the dead dies in the middle of it; others look when a while has passed. */
  async dieReaping(simulation: Simulation): Promise<Effect> {
    const { chance, model, store, note } = simulation;
    const death = chance.pick(["before", "after"] as const);
    note(`die reaping: ${death}`);
    const unrecorded = [...model.slots].filter(([, { row, ended }]) => row === null && ended === null);
    const from = unrecorded.length > 0 ? unrecorded : [...model.slots];
    if (from.length > 0 && chance.odds(0.3)) {
      const [runId] = chance.pick(from);
      model.free(runId, death);
      await store
        .dying(death)
        .free(runId)
        .catch(() => {});
      return { thenTicks: Math.ceil(leaseTicks) };
    }
    model.reap(death);
    await store
      .dying(death)
      .reap()
      .catch(() => {});
    return { thenTicks: 1 };
  },

  async passTicks({ chance }: Simulation): Promise<Effect> {
    return { thenTicks: chance.pick([1, 1, 2, 3]) };
  },

  async changeLimits({ chance, payers }: Simulation): Promise<Effect> {
    changeLimits(chance, chance.pick(payers));
    return refused;
  },

  /** What people are shown. */
  async look({ chance, model, store, payers }: Simulation): Promise<Effect> {
    const payer = chance.pick(payers);
    const { payerId } = payer;
    const userId = chance.pick(payer.userIds);
    const bucket = bucketOf(payer);
    const own = [...model.slots.values()].filter(({ request }) => request.payerId === payerId);
    const ofMember = own.filter(({ request }) => request.userId === userId);
    const tokens = (counter: "sync" | "async") =>
      bucket === null ? null : model.buckets.available(payerId, { counter, ...bucket });
    const seen = await chance
      .pick(store.processes)
      .inUse({ payerId, userId }, { sync: bucket, async: bucket });
    deepEqual(
      { ...seen, tokens: { sync: rounded(seen.tokens.sync), async: rounded(seen.tokens.async) } },
      {
        slots: own.length,
        heldMicros: own.reduce((total, slot) => total + slot.holdMicros, 0),
        memberHeldMicros: ofMember.reduce((total, slot) => total + slot.holdMicros, 0),
        tokens: { sync: tokens("sync"), async: tokens("async") },
      },
    );
    return refused;
  },
};

function idsOf({ model }: Simulation, holder: string): string[] {
  return [...model.slots.values()].flatMap(({ request }) => (request.holder === holder ? request.runId : []));
}

/** Of runs in progress or not, and one that never was. */
function someIds({ model, chance, recent, over }: Simulation): string[] {
  const running = [...model.slots.keys()].filter(() => chance.odds(0.4));
  const gone: ClaimRequest[] = [...recent.slice(-3), ...over.slice(-2).map(({ request }) => request)];
  return [...new Set([...running, "never", ...gone.map(({ runId }) => runId)])];
}

function rounded(tokens: number | null): number | null {
  return tokens === null ? null : tenths(tokens);
}

function byRun<T extends { readonly runId: string }>(leases: readonly T[]): Record<string, T> {
  return Object.fromEntries(leases.map((lease) => [lease.runId, lease]));
}
