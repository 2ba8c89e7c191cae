import { deepEqual } from "node:assert/strict";
import { createChance } from "./chance.ts";
import { runHistory } from "./history.ts";
import { insertPayers } from "./payer.ts";
import { readEnds } from "./stores/read-records.ts";
import type { SimulatedStore } from "./stores/simulated-store.ts";

/** Runs one history in a store of its own; what was answered in it. Throws with seed and step where it is not the model's. */
export async function checkHistory(
  open: () => Promise<SimulatedStore>,
  seed: number,
  steps: number,
): Promise<Iterable<string>> {
  await using store = await open();
  const payers = await insertPayers(store.database, {
    capacity: 3,
    tokensPerTick: 0.5,
    concurrentRunsMax: 4,
    limitMicros: 400_000,
    capsMicros: [150_000, 80_000],
  });
  let at = "before the first step";
  try {
    const { model, outcomes } = await runHistory({
      store,
      payers,
      chance: createChance(seed),
      steps,
      onStep: (step, what) => {
        at = `step ${step} (${what})`;
      },
    });
    at = "after the last step";
    deepEqual(await readEnds(store.database.sql), model.ends);
    return outcomes;
  } catch (error) {
    throw new Error(`GANTRY_SIMULATION_SEED=${seed}, ${at}: ${String(error)}`, { cause: error });
  }
}
