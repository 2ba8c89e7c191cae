import type { Numbers, RefusalCode } from "./refusal.ts";

/** The gates, in the order in which they answer. */
export const gateNames = [
  "principal",
  "workflow",
  "permission",
  "deployment",
  "ban",
  "payer",
  "usage",
  "rate",
  "concurrency",
  "hold",
] as const;
export type GateName = (typeof gateNames)[number];

export type GateVerdict =
  | { readonly gate: GateName; readonly verdict: "pass"; readonly numbers: Numbers }
  /** The run's profile does not ask for this gate, or billing is off; `numbers.reason` says which. */
  | { readonly gate: GateName; readonly verdict: "not_required"; readonly numbers: Numbers }
  | {
      readonly gate: GateName;
      readonly verdict: "refuse";
      readonly code: RefusalCode;
      readonly numbers: Numbers;
    }
  /** An earlier gate refused, or this one could not be answered. */
  | { readonly gate: GateName; readonly verdict: "not_reached"; readonly numbers: Numbers };

/** Every gate's verdict, in order: what a run was admitted or refused on. */
export type Decision = readonly GateVerdict[];

/** Milliseconds spent in each part of preflight; null for a part that was not reached. */
export interface PreflightTimings {
  readonly factsMs: number | null;
  readonly gatesMs: number | null;
  readonly claimMs: number | null;
  readonly definitionMs: number | null;
  /** Whether the compiled version came from this process's cache; `draft` when the editor's draft was compiled. */
  readonly definition: "hit" | "miss" | "draft" | null;
  readonly totalMs: number;
}

/** Every gate is in the decision: those that were not asked, too. */
export function completeDecision(verdicts: readonly GateVerdict[]): Decision {
  const rest = gateNames.slice(verdicts.length);
  return [...verdicts, ...rest.map((gate): GateVerdict => ({ gate, verdict: "not_reached", numbers: {} }))];
}
