import { until } from "../../testing/until.ts";
import { createChance } from "./chance.ts";
import { differencesFrom } from "./differences.ts";
import { fallen, limitsPassed, unrest, violations } from "./invariants.ts";
import { insertPayers } from "./payer.ts";
import { runWorker, type Told } from "./side-by-side.ts";
import { readEnds } from "./stores/read-records.ts";
import type { SimulatedStore } from "./stores/simulated-store.ts";

const workers = 8;
const stepsOfEach = 300;
const capacity = 20;

export interface SideBySide {
  /** What was wrong in any snapshot, or when all had come to rest, in words. */
  readonly found: readonly string[];
  readonly snapshots: number;
  /** All that claims and top-ups were answered. */
  readonly results: ReadonlySet<string>;
}

/** Several processes on the same payers at once, under limits that stand, watched all the time. */
export async function checkSideBySide(
  open: () => Promise<SimulatedStore>,
  seed: number,
): Promise<SideBySide> {
  await using store = await open();
  const payers = await insertPayers(store.database, {
    capacity,
    // Nothing to speak of comes back, so that what was taken can be counted.
    tokensPerTick: 0.001,
    concurrentRunsMax: 12,
    limitMicros: 700_000,
    capsMicros: [110_000, 160_000],
  });
  const payerIds = payers.map(({ payerId }) => payerId);
  const limits = new Map(payers.map((payer) => [payer.payerId, payer]));

  const over = new AbortController();
  const seen = new Set<string>();
  let snapshots = 0;
  async function watch(): Promise<void> {
    let before = await store.readState(payerIds);
    while (!over.signal.aborted) {
      const state = await store.readState(payerIds);
      const found = [...violations(state), ...limitsPassed(state, limits), ...fallen(before, state)];
      for (const one of found) seen.add(one);
      before = state;
      snapshots += 1;
    }
  }
  async function work(): Promise<Told[]> {
    const all = Array.from({ length: workers }, (_, index) => {
      const chance = createChance(seed + index);
      // Every other process is slow, so that what it does lies across what the others do.
      const claims =
        index % 2 === 0 ? chance.pick(store.processes) : store.slow(createChance(seed + workers + index));
      return runWorker({ store, claims, payers, chance, holder: `worker-${index}`, steps: stepsOfEach });
    });
    return await Promise.all(all).finally(() => over.abort());
  }
  try {
    const [told] = await Promise.all([work(), watch()]);
    await until(async () => {
      await createChance(seed).pick(store.processes).reap();
      return Object.values((await store.readState(payerIds)).slots).every(({ live }) => live);
    });
    for (const request of told.flatMap((one) => one.admitted)) await store.atRest(request);
    const state = await store.readState(payerIds);
    const found = [...violations(state), ...unrest(state), ...limitsPassed(state, limits)];
    const differences = differencesFrom(told, state, await readEnds(store.database.sql), capacity);
    return {
      found: [...seen, ...found, ...differences],
      snapshots,
      results: new Set(told.flatMap((one) => [...one.results])),
    };
  } catch (error) {
    throw new Error(`GANTRY_SIMULATION_SEED=${seed}: ${String(error)}`, { cause: error });
  }
}
