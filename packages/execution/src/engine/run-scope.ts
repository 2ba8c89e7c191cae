import type { JsonValue, Plan } from "@gantry/workflow";
import type { ModelCharge } from "./events.ts";
import { engineLimits } from "./limits.ts";
import type { RunSecrets } from "./run-secrets.ts";

/** Where a plan runs: as the run itself, or as a child workflow that an agent of it calls. */
export interface RunScope {
  readonly secrets: RunSecrets;
  readonly totals: RunTotals;
  /** 0 for the run itself. */
  readonly depth: number;
  /** What stands before the plan's block ids where the run is charged; both empty for the run itself. */
  readonly charged: ChargedAs;
  readonly runChild: RunChild;
}

/** A place in the ledger. `blockId` names the blocks on the way, `key` also which of their calls it was. */
export interface ChargedAs {
  readonly blockId: string;
  readonly key: string;
}

export interface ChildCall {
  readonly plan: Plan;
  /** As `parseInput` returns it. */
  readonly input: Readonly<Record<string, JsonValue>>;
  readonly signal: AbortSignal;
  readonly deadlineAt: number | null;
  /** In front of the child's block ids. */
  readonly charged: ChargedAs;
  /** Told of every model call of the child, however the child ends. */
  readonly charge: (charge: ModelCharge) => void;
}

export type ChildEnd =
  /** `output` is redacted. */
  | { readonly ok: true; readonly output: JsonValue }
  /** `message` is a sentence without secrets. */
  | { readonly ok: false; readonly message: string };

export type RunChild = (call: ChildCall) => Promise<ChildEnd>;

/** What a run and all child workflows in it use together. */
export class RunTotals {
  #dataChars = 0;
  #children = 0;

  /** False when the run would hold too much with it. */
  takeData(chars: number): boolean {
    if (this.#dataChars + chars > engineLimits.runDataCharsMax) return false;
    this.#dataChars += chars;
    return true;
  }

  giveData(chars: number): void {
    this.#dataChars -= chars;
  }

  /** False when the run has called as many as it may. */
  takeChild(): boolean {
    if (this.#children >= engineLimits.childRunsMax) return false;
    this.#children += 1;
    return true;
  }
}
