import type { ResponseError, ResponseStreamEvent } from "openai/resources/responses/responses";
import { type Answer, type AnswerBlock, numberedBlocks, textOf } from "../answer/answer.ts";
import { blockSteps } from "../block-steps.ts";
import { sseContentType, sseFrame } from "../sse.ts";
import type { AnswerHead, AnswerStream, Frame } from "../wire.ts";
import { streamedError } from "./openai-errors.ts";
import {
  begunResponse,
  callItem,
  contentPart,
  doneItem,
  failedResponse,
  finalStatus,
  type ItemIds,
  itemIds,
  messageItem,
  type WireResponse,
  wholeResponse,
} from "./responses-answer.ts";
import type { ResponsesRequest } from "./responses-request.ts";

/** An event before it has its number. Its response lacks what the SDK adds. */
type Unnumbered<E> = E extends { response: unknown }
  ? Omit<E, "sequence_number" | "response"> & { readonly response: WireResponse }
  : Omit<E, "sequence_number">;
type Event = Unnumbered<ResponseStreamEvent>;

/**
 * The answer as typed events, from `response.created` to `response.completed` or `response.incomplete`. No `[DONE]`
 * follows.
 */
export function responseStream(request: ResponsesRequest, answer: Answer, head: AnswerHead): AnswerStream {
  let sequenceNumber = 0;
  const frame = (event: Event): Frame =>
    sseFrame({ ...event, sequence_number: sequenceNumber++ }, event.type);

  const response = begunResponse(request, head);
  const opening = [
    frame({ type: "response.created", response }),
    frame({ type: "response.in_progress", response }),
  ];
  const steps = numberedBlocks(answer).flatMap(({ block, call }, index) => {
    const events = blockEvents(block, answer, index, itemIds(head, index, call));
    return blockSteps({
      start: events.start.map(frame),
      deltas: events.deltas.map(frame),
      stop: events.stop.map(frame),
    });
  });
  const final = wholeResponse(request, answer, head);
  return {
    contentType: sseContentType,
    opening,
    steps,
    closing: [[frame({ type: `response.${finalStatus(answer)}`, response: final })]],
    failure: (type) => {
      const { message, code, param } = streamedError(type ?? "server_error");
      const error = { code: errorCode(code), message };
      return [
        frame({ type: "error", code, message, param }),
        frame({ type: "response.failed", response: failedResponse(request, head, error) }),
      ];
    },
  };
}

function blockEvents(
  block: AnswerBlock,
  answer: Answer,
  output_index: number,
  ids: ItemIds,
): { readonly start: Event[]; readonly deltas: Event[]; readonly stop: Event[] } {
  const item_id = ids.item;
  const item = doneItem(block, answer, ids);
  const itemDone: Event = { type: "response.output_item.done", output_index, item };
  if (block.type === "tool_call") {
    const begun = callItem(block, ids, "in_progress");
    const done = { arguments: textOf(block), name: block.name };
    return {
      start: [{ type: "response.output_item.added", output_index, item: begun }],
      deltas: block.chunks.map((delta) => ({
        type: "response.function_call_arguments.delta",
        output_index,
        item_id,
        delta,
      })),
      stop: [{ type: "response.function_call_arguments.done", output_index, item_id, ...done }, itemDone],
    };
  }
  const place = { output_index, item_id, content_index: 0 };
  const text = textOf(block);
  const refused = answer.stopReason === "refusal";
  return {
    start: [
      { type: "response.output_item.added", output_index, item: messageItem(ids, "in_progress") },
      { type: "response.content_part.added", ...place, part: contentPart("", answer) },
    ],
    deltas: block.chunks.map((delta) =>
      refused
        ? { type: "response.refusal.delta", ...place, delta }
        : { type: "response.output_text.delta", ...place, delta, logprobs: [] },
    ),
    stop: [
      refused
        ? { type: "response.refusal.done", ...place, refusal: text }
        : { type: "response.output_text.done", ...place, text, logprobs: [] },
      { type: "response.content_part.done", ...place, part: contentPart(text, answer) },
      itemDone,
    ],
  };
}

/** A failed response has fewer codes than an error event. */
function errorCode(code: string | null): ResponseError["code"] {
  return code === "rate_limit_exceeded" ? code : "server_error";
}
