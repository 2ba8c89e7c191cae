import type { Installation } from "./installation/installation.ts";

export const checkNames = ["overshoot", "kill", "outage", "refusals", "deploy"] as const;
export type CheckName = (typeof checkNames)[number];

/** One line of the table: what was promised, what was seen. */
export interface Finding {
  readonly guarantee: string;
  readonly measured: string;
  readonly required: string;
  readonly holds: boolean;
}

/** Does something to an installation and judges what it saw. Throws `NotObserved` when what it waits for does not come. */
export interface Check {
  readonly title: string;
  run(installation: Installation, sizes: Sizes): Promise<readonly Finding[]>;
}

export interface Sizes {
  /** Started at once against a limit. */
  readonly runs: number;
  readonly refusals: number;
  readonly deployments: number;
}

export const runsBounds = { min: 20, max: 10_000, default: 1_000 } as const;

export function sizesOf(runs: number): Sizes {
  return { runs, refusals: runs, deployments: Math.max(5, Math.min(100, Math.floor(runs / 10))) };
}
