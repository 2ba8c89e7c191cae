import { badRequest, bearerOf, type Wire } from "../wire.ts";
import { completionStream, wholeCompletion } from "./chat-answer.ts";
import { askOfChat, chatProblem } from "./chat-ask.ts";
import { chatRequest } from "./chat-request.ts";
import { refuseOpenAi } from "./openai-errors.ts";

/**
 * OpenAI's chat completions: `POST /v1/chat/completions`, as OpenAI, Cerebras, vLLM, litellm and others call it, and
 * `POST /openai/v1/chat/completions`, as Groq does. Answers every model whose name lacks `unknown`. The key comes as
 * `authorization: Bearer`.
 */
export function chatWire(dialect: { readonly groq: boolean }): Wire {
  return {
    credentialOf: ({ headers }) => bearerOf(headers),
    read(body) {
      const parsed = chatRequest.safeParse(body);
      if (!parsed.success) return badRequest(parsed.error);
      const problem = chatProblem(parsed.data);
      if (problem !== null) return { kind: "refused", refusal: { kind: "bad_request", message: problem } };
      const ask = askOfChat(parsed.data);
      if (ask.model.includes("unknown")) {
        return { kind: "refused", refusal: { kind: "unknown_model", model: ask.model } };
      }
      const includeUsage = parsed.data.stream_options?.include_usage === true;
      return {
        kind: "call",
        call: {
          ask,
          whole: (answer, head) => wholeCompletion(ask, answer, head),
          stream: (answer, head) => completionStream(ask, answer, head, { ...dialect, includeUsage }),
        },
      };
    },
    headers: (requestId) => ({ "x-request-id": requestId }),
    refuse: refuseOpenAi,
  };
}
