import { badRequest, bearerOf, type Wire } from "../wire.ts";
import { refuseOpenAi } from "./openai-errors.ts";
import { wholeResponse } from "./responses-answer.ts";
import { askOfResponses, responsesProblem } from "./responses-ask.ts";
import { responsesRequest } from "./responses-request.ts";
import { responseStream } from "./responses-stream.ts";

/**
 * OpenAI's Responses API: `POST /v1/responses`, streamed or whole. Answers every model whose name lacks `unknown`.
 * The key comes as `authorization: Bearer`.
 */
export const responsesWire: Wire = {
  credentialOf: ({ headers }) => bearerOf(headers),
  read(body) {
    const parsed = responsesRequest.safeParse(body);
    if (!parsed.success) return badRequest(parsed.error);
    const request = parsed.data;
    const problem = responsesProblem(request);
    if (problem !== null) return { kind: "refused", refusal: { kind: "bad_request", message: problem } };
    const ask = askOfResponses(request);
    if (ask.model.includes("unknown")) {
      return { kind: "refused", refusal: { kind: "unknown_model", model: ask.model } };
    }
    return {
      kind: "call",
      call: {
        ask,
        whole: (answer, head) => wholeResponse(request, answer, head),
        stream: (answer, head) => responseStream(request, answer, head),
      },
    };
  },
  headers: (requestId) => ({ "x-request-id": requestId }),
  refuse: refuseOpenAi,
};
