import { type Gate, pass } from "./gate.ts";

export const principalGate: Gate = {
  name: "principal",
  judge: ({ facts }) =>
    facts.actor === null
      ? { verdict: "refuse", code: "UNAUTHENTICATED", numbers: {} }
      : pass({ credential: facts.actor.apiKeyId === null ? "session" : "api_key" }),
};
