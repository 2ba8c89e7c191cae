import { type Gate, pass } from "./gate.ts";

/** Missing, archived and invisible are one answer, so that nobody learns of a workflow that is not theirs. */
export const workflowGate: Gate = {
  name: "workflow",
  judge: ({ facts }) =>
    facts.workflow === null || facts.permission === null
      ? { verdict: "refuse", code: "WORKFLOW_NOT_FOUND", numbers: {} }
      : pass(),
};
