import { badRequest, bearerOf, headerOf, type Reading, type Wire } from "../wire.ts";
import { messageStream, wholeMessage } from "./messages-answer.ts";
import { refuseMessages } from "./messages-errors.ts";
import { askOfMessages, messagesRequest } from "./messages-request.ts";

/**
 * Anthropic Messages: `POST /v1/messages`, streamed or whole. Answers every model named `claude-*`; the SDK sends its
 * key as `x-api-key`, a gateway's token as `authorization: Bearer`.
 */
export const messagesWire: Wire = {
  credentialOf: ({ headers }) => bearerOf(headers) ?? headerOf(headers, "x-api-key"),
  read: readMessages,
  headers: (requestId) => ({ "request-id": requestId }),
  refuse: refuseMessages,
};

export function readMessages(body: unknown): Reading {
  const parsed = messagesRequest.safeParse(body);
  if (!parsed.success) return badRequest(parsed.error);
  const ask = askOfMessages(parsed.data);
  if (!ask.model.startsWith("claude-") || ask.model.includes("unknown")) {
    return { kind: "refused", refusal: { kind: "unknown_model", model: ask.model } };
  }
  return {
    kind: "call",
    call: {
      ask,
      whole: (answer, head) => wholeMessage(ask, answer, head),
      stream: (answer, head) => messageStream(ask, answer, head),
    },
  };
}
