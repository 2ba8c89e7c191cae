import type { ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";
import { errorEnvelope } from "./api-error.ts";
import type { Directives } from "./directives.ts";

/** What every form of the answer names. */
export interface AnswerHead {
  readonly messageId: string;
  readonly requestId: string;
  readonly model: string;
}

/** Sends the answer as server-sent events. `wait` ends early by throwing when the client has gone. */
export async function streamAnswer(
  response: ServerResponse,
  head: AnswerHead,
  answer: Answer,
  directives: Directives,
  pace: { readonly betweenChunksMs: number; readonly wait: (ms: number) => Promise<void> },
): Promise<void> {
  const send = (event: { readonly type: string } & Record<string, unknown>) =>
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);

  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
    "request-id": head.requestId,
  });
  send({
    type: "message_start",
    message: {
      ...messageBody(head, [], null),
      usage: { ...answer.usage, output_tokens: 1 },
    },
  });
  // A real stall keeps the socket open, so this only ends when the client goes.
  if (directives.fault === "stall") return pace.wait(Number.POSITIVE_INFINITY);

  send({ type: "content_block_start", index: 0, content_block: emptyBlock(head, answer) });
  send({ type: "ping" });

  const { chunks } = answer.block;
  const half = Math.floor(chunks.length / 2);
  for (const [index, chunk] of chunks.entries()) {
    if (index === half) {
      if (directives.fault === "cut") {
        // Let the first half reach the client, so that it sees an answer that breaks off.
        await pace.wait(20);
        response.socket?.destroy();
        return;
      }
      if (directives.fault === "truncate") {
        response.end();
        return;
      }
      if (directives.errorEvent !== null) {
        send(
          errorEnvelope(
            { type: directives.errorEvent, message: "The local model was asked to fail here." },
            head.requestId,
          ),
        );
        response.end();
        return;
      }
    }
    if (index > 0 && pace.betweenChunksMs > 0) await pace.wait(pace.betweenChunksMs);
    send({
      type: "content_block_delta",
      index: 0,
      delta:
        answer.block.type === "text"
          ? { type: "text_delta", text: chunk }
          : { type: "input_json_delta", partial_json: chunk },
    });
  }
  send({ type: "content_block_stop", index: 0 });
  send({
    type: "message_delta",
    delta: { stop_reason: answer.stopReason, stop_sequence: null },
    usage: answer.usage,
  });
  send({ type: "message_stop" });
  response.end();
}

/** The answer as one JSON object, for callers that did not ask for a stream. */
export function wholeAnswer(head: AnswerHead, answer: Answer) {
  const text = answer.block.chunks.join("");
  const block =
    answer.block.type === "text"
      ? { type: "text", text }
      : { ...emptyBlock(head, answer), input: parsedOrEmpty(text) };
  return { ...messageBody(head, [block], answer.stopReason), usage: answer.usage };
}

function messageBody(head: AnswerHead, content: readonly unknown[], stopReason: string | null) {
  return {
    id: head.messageId,
    type: "message",
    role: "assistant",
    model: head.model,
    content,
    stop_reason: stopReason,
    stop_sequence: null,
  };
}

function emptyBlock(head: AnswerHead, answer: Answer) {
  return answer.block.type === "text"
    ? { type: "text", text: "" }
    : {
        type: "tool_use",
        id: head.messageId.replace("msg", "toolu"),
        name: answer.block.name,
        input: {},
      };
}

/** A tool's input that `max_tokens` cut in the middle is no JSON; the real API then reports an empty input. */
function parsedOrEmpty(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
