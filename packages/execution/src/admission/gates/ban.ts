import { type Gate, pass } from "./gate.ts";

/** The facts hold only bans that have not ended: of the actor, else of the workflow's owner, else of the payer. */
export const banGate: Gate = {
  name: "ban",
  judge: ({ facts }) =>
    facts.ban === null
      ? pass()
      : {
          verdict: "refuse",
          code: "ACCOUNT_SUSPENDED",
          numbers: { subject: facts.ban.subject, endsAt: facts.ban.endsAt },
        },
};
