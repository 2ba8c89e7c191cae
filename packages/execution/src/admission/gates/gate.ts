import type { BillingConfig } from "@gantry/billing";
import type { GateName } from "../decision.ts";
import type { Facts } from "../facts.ts";
import type { Profile } from "../profile.ts";
import type { Numbers, RefusalCode } from "../refusal.ts";

export interface GateContext {
  readonly facts: Facts;
  readonly profile: Profile;
  readonly billing: BillingConfig;
}

export type GateResult =
  | { readonly verdict: "pass"; readonly numbers: Numbers }
  | { readonly verdict: "not_required"; readonly numbers: Numbers }
  | { readonly verdict: "refuse"; readonly code: RefusalCode; readonly numbers: Numbers };

/** A pure judgement of the facts. It is asked only when every earlier gate let the run pass. */
export interface Gate {
  readonly name: GateName;
  readonly judge: (context: GateContext) => GateResult;
}

export const pass = (numbers: Numbers = {}): GateResult => ({ verdict: "pass", numbers });
