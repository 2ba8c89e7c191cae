import type {
  ContentBlock,
  ConverseResponse,
  ConverseStreamMetadataEvent,
  StopReason,
  TokenUsage,
} from "@aws-sdk/client-bedrock-runtime";
import {
  type Answer,
  type AnswerBlock,
  type AnswerStop,
  argumentsOf,
  numberedBlocks,
  textOf,
} from "../answer/answer.ts";
import { blockSteps } from "../block-steps.ts";
import type { AnswerHead, AnswerStream, Frame } from "../wire.ts";
import { eventMessage, exceptionMessage } from "./event-stream.ts";

const stopReasons: Readonly<Record<AnswerStop, StopReason>> = {
  end: "end_turn",
  tool_calls: "tool_use",
  max_tokens: "max_tokens",
  refusal: "content_filtered",
  filtered: "guardrail_intervened",
};

/** The answer to Converse. */
export function wholeConverse(answer: Answer, head: AnswerHead): ConverseResponse {
  const content = numberedBlocks(answer).map(({ block, call }) => contentBlock(block, callId(head, call)));
  return {
    output: { message: { role: "assistant", content } },
    stopReason: stopReasons[answer.stopReason],
    usage: usageOf(answer),
    metrics,
  };
}

/**
 * The answer to ConverseStream: `messageStart`, deltas and a stop per block, `messageStop`, and `metadata` with the
 * usage. A block of text has no start event, that of a tool has.
 */
export function converseStream(answer: Answer, head: AnswerHead): AnswerStream {
  const metadata: ConverseStreamMetadataEvent = { usage: usageOf(answer), metrics };
  return {
    contentType: "application/vnd.amazon.eventstream",
    opening: [eventMessage("messageStart", { role: "assistant" })],
    steps: numberedBlocks(answer).flatMap(({ block, call }, index) =>
      stepsOf(block, index, callId(head, call)),
    ),
    closing: [
      [eventMessage("messageStop", { stopReason: stopReasons[answer.stopReason] })],
      [eventMessage("metadata", metadata)],
    ],
    failure: (type) => [
      exceptionMessage(type ?? "modelStreamErrorException", "The local model was asked to fail here."),
    ],
  };
}

const metrics = { latencyMs: 1 };

function stepsOf(block: AnswerBlock, contentBlockIndex: number, toolUseId: string): Frame[][] {
  const start =
    block.type === "text"
      ? []
      : [
          eventMessage("contentBlockStart", {
            contentBlockIndex,
            start: { toolUse: { toolUseId, name: block.name } },
          }),
        ];
  return blockSteps({
    start,
    deltas: block.chunks.map((chunk) =>
      eventMessage("contentBlockDelta", {
        contentBlockIndex,
        delta: block.type === "text" ? { text: chunk } : { toolUse: { input: chunk } },
      }),
    ),
    stop: [eventMessage("contentBlockStop", { contentBlockIndex })],
  });
}

function contentBlock(block: AnswerBlock, toolUseId: string): ContentBlock {
  if (block.type === "text") return { text: textOf(block) };
  return { toolUse: { toolUseId, name: block.name, input: JSON.parse(JSON.stringify(argumentsOf(block))) } };
}

function callId(head: AnswerHead, call: number): string {
  return `tooluse_local_${head.sequence}_${call}`;
}

/** `inputTokens` is without the cache's here, and the total is with them. */
function usageOf({ usage }: Answer): TokenUsage {
  return {
    inputTokens: usage.input,
    outputTokens: usage.output,
    totalTokens: usage.input + usage.cacheRead + usage.cacheWrite + usage.output,
    cacheReadInputTokens: usage.cacheRead,
    cacheWriteInputTokens: usage.cacheWrite,
  };
}
