import type { FunctionCall, GenerateContentResponseUsageMetadata, Part } from "@google/genai";
import {
  type Answer,
  type AnswerStop,
  type AnswerUsage,
  argumentsOf,
  numberedBlocks,
  type ToolCallBlock,
  textOf,
} from "../answer/answer.ts";
import type { Ask } from "../answer/ask.ts";
import { sseContentType } from "../sse.ts";
import type { AnswerHead, AnswerStream, Frame } from "../wire.ts";
import { signsCalls } from "./gemini-ask.ts";
import { errorBody } from "./gemini-errors.ts";

const finishReasons: Readonly<Record<AnswerStop, string>> = {
  end: "STOP",
  tool_calls: "STOP",
  max_tokens: "MAX_TOKENS",
  refusal: "SAFETY",
  filtered: "PROHIBITED_CONTENT",
};

/** The answer of generateContent. A prompt that the filter caught has no candidate at all. */
export function wholeContent(ask: Ask, answer: Answer, head: AnswerHead): unknown {
  const parts = numberedBlocks(answer).flatMap(({ block, call }) =>
    block.type === "text" ? [{ text: textOf(block) }] : callParts(ask, answer, block, head, call),
  );
  return { ...finalChunk(ask, answer, head, parts), usageMetadata: usageOf(answer.usage) };
}

/**
 * The answer of streamGenerateContent with `alt=sse`: every event is a whole response with some of the parts, and a
 * function call comes in one piece. The last event has the finish reason; before it `usageMetadata` counts only the
 * prompt. No event opens the stream.
 */
export function contentStream(ask: Ask, answer: Answer, head: AnswerHead): AnswerStream {
  const final = { ...finalChunk(ask, answer, head, [{ text: "" }]), usageMetadata: usageOf(answer.usage) };
  const chunk = (part: Part) =>
    frame({
      ...envelope(ask, head),
      candidates: [{ content: { role: "model", parts: [part] }, index: 0 }],
      usageMetadata: usageOf({ ...answer.usage, output: 0, reasoning: 0 }),
    });
  const steps = numberedBlocks(answer).flatMap(({ block, call }): Frame[][] =>
    block.type === "text"
      ? block.chunks.map((text) => [chunk({ text })])
      : callParts(ask, answer, block, head, call).map((part) => [chunk(part)]),
  );
  return {
    contentType: sseContentType,
    opening: [],
    steps: answer.stopReason === "filtered" ? [] : steps,
    closing: [[frame(final)]],
    failure: (type) => [frame(errorBody(503, type, "The local model was asked to fail here."))],
  };
}

function finalChunk(ask: Ask, answer: Answer, head: AnswerHead, parts: readonly Part[]) {
  if (answer.stopReason === "filtered") {
    return { ...envelope(ask, head), promptFeedback: { blockReason: finishReasons.filtered } };
  }
  const finishReason = finishReasons[answer.stopReason];
  const candidate = { content: { role: "model", parts }, finishReason, index: 0 };
  return { ...envelope(ask, head), candidates: [candidate] };
}

function envelope(ask: Ask, head: AnswerHead) {
  return { modelVersion: ask.model, responseId: `local-${head.sequence}` };
}

/** A call whose arguments were cut is not sent. */
function callParts(ask: Ask, answer: Answer, block: ToolCallBlock, head: AnswerHead, call: number): Part[] {
  if (answer.stopReason === "max_tokens") return [];
  const functionCall: FunctionCall = { name: block.name, args: argumentsOf(block) };
  if (!signsCalls(ask.model)) return [{ functionCall }];
  const signed = { functionCall: { ...functionCall, id: `call_local_${head.sequence}_${call}` } };
  return [call === 0 ? { ...signed, thoughtSignature: signature } : signed];
}

const signature = Buffer.from("local thought").toString("base64");

/** The prompt's count includes the cache's here; that of the candidates is without thoughts. */
function usageOf(usage: AnswerUsage): GenerateContentResponseUsageMetadata {
  const promptTokenCount = usage.input + usage.cacheRead + usage.cacheWrite;
  const candidatesTokenCount = Math.max(0, usage.output - usage.reasoning);
  return {
    promptTokenCount,
    candidatesTokenCount,
    totalTokenCount: promptTokenCount + candidatesTokenCount + usage.reasoning,
    ...(usage.cacheRead === 0 ? {} : { cachedContentTokenCount: usage.cacheRead }),
    ...(usage.reasoning === 0 ? {} : { thoughtsTokenCount: usage.reasoning }),
  };
}

/** Google ends its events in both of the line's characters. */
function frame(data: unknown): string {
  return `data: ${JSON.stringify(data)}\r\n\r\n`;
}
