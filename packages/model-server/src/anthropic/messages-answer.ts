import type { Anthropic } from "@anthropic-ai/sdk";
import {
  type Answer,
  type AnswerBlock,
  type AnswerStop,
  argumentsOf,
  numberedBlocks,
  textOf,
} from "../answer/answer.ts";
import type { Ask } from "../answer/ask.ts";
import { blockSteps } from "../block-steps.ts";
import { sseContentType, sseFrame } from "../sse.ts";
import type { AnswerHead, AnswerStream, Frame } from "../wire.ts";
import { errorEnvelope } from "./messages-errors.ts";

const stopReasons: Readonly<Record<AnswerStop, Anthropic.StopReason>> = {
  end: "end_turn",
  tool_calls: "tool_use",
  max_tokens: "max_tokens",
  refusal: "refusal",
  filtered: "refusal",
};

/** The answer as one message. */
export function wholeMessage(ask: Ask, answer: Answer, head: AnswerHead): Anthropic.Message {
  const content = numberedBlocks(answer).map(({ block, call }) =>
    block.type === "text"
      ? { ...textBlock, text: textOf(block) }
      : { ...toolUse(block.name, head, call), input: argumentsOf(block) },
  );
  return {
    ...emptyMessage(ask, answer, head),
    content,
    stop_reason: stopReasons[answer.stopReason],
    stop_details: stopDetails(answer),
  };
}

/**
 * The answer as events: `message_start`, then per block start, deltas and stop, then `message_delta` and
 * `message_stop`.
 */
export function messageStream(ask: Ask, answer: Answer, head: AnswerHead): AnswerStream {
  const message = emptyMessage(ask, answer, head);
  return {
    contentType: sseContentType,
    opening: [event({ type: "message_start", message: { ...message, usage: begunUsage(answer) } })],
    steps: numberedBlocks(answer).flatMap(({ block, call }, index) =>
      stepsOf(block, index, toolUse(block.type === "text" ? "" : block.name, head, call)),
    ),
    closing: [
      [
        event({
          type: "message_delta",
          delta: {
            container: null,
            stop_details: stopDetails(answer),
            stop_reason: stopReasons[answer.stopReason],
            stop_sequence: null,
          },
          usage: countedUsage(answer),
        }),
      ],
      [event({ type: "message_stop" })],
    ],
    failure: (type) => [
      sseFrame(
        errorEnvelope(
          { type: type ?? "overloaded_error", message: "The local model was asked to fail here." },
          head.requestId,
        ),
        "error",
      ),
    ],
  };
}

function stepsOf(block: AnswerBlock, index: number, emptyCall: Anthropic.ToolUseBlock): Frame[][] {
  const start = event({
    type: "content_block_start",
    index,
    content_block: block.type === "text" ? textBlock : emptyCall,
  });
  return blockSteps({
    start: index === 0 ? [start, sseFrame({ type: "ping" }, "ping")] : [start],
    deltas: block.chunks.map((chunk) =>
      event({
        type: "content_block_delta",
        index,
        delta:
          block.type === "text"
            ? { type: "text_delta", text: chunk }
            : { type: "input_json_delta", partial_json: chunk },
      }),
    ),
    stop: [event({ type: "content_block_stop", index })],
  });
}

const textBlock = { type: "text", text: "", citations: null } satisfies Anthropic.TextBlock;

function event(event: Anthropic.RawMessageStreamEvent): string {
  return sseFrame(event, event.type);
}

function emptyMessage(ask: Ask, answer: Answer, head: AnswerHead): Anthropic.Message {
  return {
    id: `msg_local_${head.sequence}`,
    type: "message",
    role: "assistant",
    model: ask.model,
    content: [],
    container: null,
    diagnostics: null,
    stop_details: null,
    stop_reason: null,
    stop_sequence: null,
    usage: usageOf(answer),
  };
}

function toolUse(name: string, head: AnswerHead, call: number): Anthropic.ToolUseBlock {
  return {
    type: "tool_use",
    id: `toolu_local_${head.sequence}_${call}`,
    name,
    input: {},
    caller: { type: "direct" },
  };
}

function stopDetails(answer: Answer): Anthropic.RefusalStopDetails | null {
  const refused = stopReasons[answer.stopReason] === "refusal";
  return refused ? { type: "refusal", category: null, explanation: null } : null;
}

/** Input without what the cache has of its own, and output with thinking, as this wire counts. */
function countedUsage({ usage }: Answer): Anthropic.MessageDeltaUsage & { readonly input_tokens: number } {
  return {
    input_tokens: usage.input,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite,
    output_tokens: usage.output,
    output_tokens_details: { thinking_tokens: usage.reasoning },
    server_tool_use: null,
  };
}

function usageOf(answer: Answer): Anthropic.Usage {
  return {
    ...countedUsage(answer),
    cache_creation: null,
    inference_geo: null,
    service_tier: "standard",
    speed: "standard",
  };
}

/** What `message_start` reports: the real API has counted one token by then. */
function begunUsage(answer: Answer): Anthropic.Usage {
  return { ...usageOf(answer), output_tokens: 1, output_tokens_details: null };
}
