import { type Gate, pass } from "./gate.ts";

export const deploymentGate: Gate = {
  name: "deployment",
  judge: ({ facts, profile }) => {
    if (profile.definition === "draft") {
      return {
        verdict: "not_required",
        numbers: { reason: "draft", draftRevision: facts.workflow?.draftRevision ?? null },
      };
    }
    const version = facts.workflow?.activeVersion ?? null;
    return version === null
      ? { verdict: "refuse", code: "WORKFLOW_NOT_DEPLOYED", numbers: {} }
      : pass({ version: version.number });
  },
};
