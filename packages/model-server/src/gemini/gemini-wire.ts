import { badRequest, headerOf, type Wire } from "../wire.ts";
import { contentStream, wholeContent } from "./gemini-answer.ts";
import { askOfGemini, geminiProblem } from "./gemini-ask.ts";
import { refuseGemini } from "./gemini-errors.ts";
import { geminiRequest } from "./gemini-request.ts";

/**
 * Gemini: `POST /v1beta/models/{model}:generateContent`, and `:streamGenerateContent?alt=sse`. Answers every model
 * named `gemini-*` without `unknown` in it. The key comes as `x-goog-api-key`, or as `key` in the query.
 */
export function geminiWire(target: { readonly model: string; readonly stream: boolean }): Wire {
  return {
    credentialOf: ({ headers, query }) => headerOf(headers, "x-goog-api-key") ?? query.get("key"),
    read(body) {
      const parsed = geminiRequest.safeParse(body);
      if (!parsed.success) return badRequest(parsed.error);
      const problem = geminiProblem(parsed.data, target.model);
      if (problem !== null) return { kind: "refused", refusal: { kind: "bad_request", message: problem } };
      if (!target.model.startsWith("gemini-") || target.model.includes("unknown")) {
        return { kind: "refused", refusal: { kind: "unknown_model", model: target.model } };
      }
      const ask = askOfGemini(parsed.data, target);
      return {
        kind: "call",
        call: {
          ask,
          whole: (answer, head) => wholeContent(ask, answer, head),
          stream: (answer, head) => contentStream(ask, answer, head),
        },
      };
    },
    headers: () => ({}),
    refuse: refuseGemini,
  };
}
