import { expect, test } from "vitest";
import { checkHistory } from "./check-history.ts";
import { checkSideBySide } from "./check-side-by-side.ts";
import type { SimulatedStore } from "./stores/simulated-store.ts";

export interface SimulationOptions {
  /** Repeats a failure, or looks for another one. */
  readonly seed: number;
  /** In all. */
  readonly steps: number;
}

/** Every state is read whole, and grows: many steps are several histories. */
const historyStepsMax = 2_000;

const claimResults = [
  "claimed",
  "conflict",
  "usage",
  "member_usage",
  "rate",
  "concurrency",
  "payer_headroom",
  "member_headroom",
] as const;
const topUpRefusals = ["usage", "member_usage", "payer_headroom", "member_headroom"] as const;

/** What must come up in a history, or it has proved little. */
const everyOutcome: readonly string[] = [
  ...claimResults.map((result) => `claim: ${result}`),
  ...["held", "lost", ...topUpRefusals].map((result) => `top up: ${result}`),
  ...["completed", "failed", "cancelled", "lost"].map((status) => `settle: ${status}`),
  ...["charge", "release", "give back", "free", "reap"].flatMap((what) => [
    `${what}: true`,
    `${what}: false`,
  ]),
  "die reaping: before",
  "die reaping: after",
];

/** Random histories of one store. Each has a store of its own. */
export function simulateStore(
  name: string,
  open: () => Promise<SimulatedStore>,
  { seed, steps }: SimulationOptions,
): void {
  const histories = Math.ceil(steps / historyStepsMax);
  const timeout = 120_000 * histories;

  test(`${name}: every answer and the whole state after every step of a random history are the model's`, {
    timeout,
  }, async () => {
    const outcomes = new Set<string>();
    for (let history = 0; history < histories; history += 1) {
      const found = await checkHistory(open, seed + history, Math.ceil(steps / histories));
      for (const outcome of found) outcomes.add(outcome);
    }
    expect(everyOutcome.filter((outcome) => !outcomes.has(outcome))).toEqual([]);
  });

  test(`${name}: no snapshot shows a limit passed or a counter off while eight processes do everything at once`, {
    timeout,
  }, async () => {
    const seen = new Set<string>();
    const unseen = () => claimResults.filter((result) => !seen.has(result));
    // Who comes first is the machine's choice and not the seed's: further histories, until every limit stood in somebody's way.
    for (
      let history = 0;
      history < histories || (unseen().length > 0 && history < histories + 8);
      history += 1
    ) {
      const { found, snapshots, results } = await checkSideBySide(open, seed + history);
      expect(found, `GANTRY_SIMULATION_SEED=${seed + history}`).toEqual([]);
      expect(snapshots).toBeGreaterThan(5);
      for (const result of results) seen.add(result);
    }
    expect(unseen()).toEqual([]);
    expect(topUpRefusals.some((result) => seen.has(`top up: ${result}`))).toBe(true);
  });
}
