import { type Gate, pass } from "./gate.ts";

export const payerGate: Gate = {
  name: "payer",
  judge: ({ facts }) => {
    const { payer } = facts;
    if (payer === null) return { verdict: "refuse", code: "PAYER_UNRESOLVED", numbers: {} };
    if (payer.blockedReason !== null) {
      return { verdict: "refuse", code: "PAYER_BLOCKED", numbers: { reason: payer.blockedReason } };
    }
    return pass({ kind: payer.kind, plan: payer.standing.subscription?.plan ?? "free" });
  },
};
