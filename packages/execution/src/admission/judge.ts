import type { GateVerdict } from "./decision.ts";
import type { ActorFacts, Facts, PayerFacts, WorkflowFacts } from "./facts.ts";
import type { GateContext } from "./gates/gate.ts";
import { factGates } from "./gates/index.ts";
import type { Numbers, RefusalCode } from "./refusal.ts";

/** The facts of a run that every fact gate let pass: nothing about actor, workflow or payer is optional any more. */
export interface Admissible {
  readonly actor: ActorFacts;
  readonly workflow: WorkflowFacts;
  readonly payer: PayerFacts;
  readonly facts: Facts;
}

export type Judgement =
  | { readonly kind: "pass"; readonly verdicts: readonly GateVerdict[]; readonly admissible: Admissible }
  | {
      readonly kind: "refuse";
      readonly verdicts: readonly GateVerdict[];
      readonly code: RefusalCode;
      readonly numbers: Numbers;
    };

/** Asks the fact gates one after the other; the first refusal is the answer and the rest are not asked. */
export function judge(context: GateContext): Judgement {
  const verdicts: GateVerdict[] = [];
  for (const gate of factGates) {
    const result = gate.judge(context);
    verdicts.push({ gate: gate.name, ...result });
    if (result.verdict === "refuse") {
      return { kind: "refuse", verdicts, code: result.code, numbers: result.numbers };
    }
  }
  const { actor, workflow, payer } = context.facts;
  if (actor === null || workflow === null || payer === null) {
    throw new Error("The gates let a run pass that has no actor, workflow or payer.");
  }
  return { kind: "pass", verdicts, admissible: { actor, workflow, payer, facts: context.facts } };
}
