import type { ChatCompletion, ChatCompletionChunk } from "openai/resources/chat/completions";
import { type Answer, type AnswerBlock, type AnswerStop, numberedBlocks, textOf } from "../answer/answer.ts";
import type { Ask } from "../answer/ask.ts";
import { blockSteps } from "../block-steps.ts";
import { sseContentType, sseFrame } from "../sse.ts";
import type { AnswerHead, AnswerStream } from "../wire.ts";
import { streamedError } from "./openai-errors.ts";
import { completionUsage } from "./openai-usage.ts";

/** Fixed, since the same request gives the same answer. Unix seconds. */
export const createdAtSeconds = 1_790_000_000;

/** How the dialects of this wire report a stream's usage. */
export interface ChatStreamOptions {
  /** `stream_options.include_usage`: a last chunk without choices has it. */
  readonly includeUsage: boolean;
  /** Groq's: the chunk with the finish reason has it too, under `x_groq`. */
  readonly groq: boolean;
}

const finishReasons: Readonly<Record<AnswerStop, ChatCompletion.Choice["finish_reason"]>> = {
  end: "stop",
  tool_calls: "tool_calls",
  max_tokens: "length",
  refusal: "stop",
  filtered: "content_filter",
};

/** The answer as one chat completion. */
export function wholeCompletion(ask: Ask, answer: Answer, head: AnswerHead): ChatCompletion {
  const said = answer.blocks.filter((block) => block.type === "text").map(textOf);
  const text = said.length === 0 ? null : said.join("");
  const refused = answer.stopReason === "refusal";
  const calls = numberedBlocks(answer).flatMap(({ block, call }) =>
    block.type === "text"
      ? []
      : [
          {
            id: callId(head, call),
            type: "function" as const,
            function: { name: block.name, arguments: textOf(block) },
          },
        ],
  );
  return {
    id: `chatcmpl-local-${head.sequence}`,
    object: "chat.completion",
    created: createdAtSeconds,
    model: ask.model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: refused ? null : text,
          refusal: refused ? text : null,
          annotations: [],
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: finishReasons[answer.stopReason],
      },
    ],
    usage: completionUsage(answer.usage),
    service_tier: "default",
    system_fingerprint: "fp_local",
  };
}

/**
 * The answer as chunks: the role, one chunk per token, the finish reason, the usage where it is asked for, and
 * `[DONE]`.
 */
export function completionStream(
  ask: Ask,
  answer: Answer,
  head: AnswerHead,
  options: ChatStreamOptions,
): AnswerStream {
  const chunk = (more: Partial<ChatCompletionChunk> & { readonly x_groq?: unknown }) =>
    sseFrame({
      id: `chatcmpl-local-${head.sequence}`,
      object: "chat.completion.chunk",
      created: createdAtSeconds,
      model: ask.model,
      choices: [],
      service_tier: "default",
      system_fingerprint: "fp_local",
      ...(options.includeUsage ? { usage: null } : {}),
      ...more,
    } satisfies ChatCompletionChunk & { readonly x_groq?: unknown });
  const choice = (delta: ChatCompletionChunk.Choice.Delta) =>
    chunk({ choices: [{ index: 0, delta, logprobs: null, finish_reason: null }] });

  const usage = completionUsage(answer.usage);
  const finish = chunk({
    choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: finishReasons[answer.stopReason] }],
    ...(options.groq ? { x_groq: { id: head.requestId, usage } } : {}),
  });
  const done = "data: [DONE]\n\n";
  const firstIsText = answer.blocks[0]?.type === "text" && answer.stopReason !== "refusal";
  return {
    contentType: sseContentType,
    opening: [choice({ role: "assistant", content: firstIsText ? "" : null })],
    steps: numberedBlocks(answer).flatMap(({ block, call }) => {
      const deltas = deltasOf(block, call, head, answer.stopReason === "refusal");
      return blockSteps({
        start: deltas.start.map(choice),
        deltas: deltas.tokens.map(choice),
        stop: [],
      });
    }),
    closing: options.includeUsage ? [[finish], [chunk({ usage }), done]] : [[finish, done]],
    failure: (type) => [sseFrame({ error: streamedError(type ?? "server_error") })],
  };
}

function deltasOf(
  block: AnswerBlock,
  call: number,
  head: AnswerHead,
  refused: boolean,
): {
  readonly start: readonly ChatCompletionChunk.Choice.Delta[];
  readonly tokens: readonly ChatCompletionChunk.Choice.Delta[];
} {
  if (block.type === "text") {
    return {
      start: [],
      tokens: block.chunks.map((text) => (refused ? { refusal: text } : { content: text })),
    };
  }
  const named = { index: call, id: callId(head, call), type: "function" as const };
  return {
    start: [{ tool_calls: [{ ...named, function: { name: block.name, arguments: "" } }] }],
    tokens: block.chunks.map((chunk) => ({
      tool_calls: [{ index: call, function: { arguments: chunk } }],
    })),
  };
}

function callId(head: AnswerHead, call: number): string {
  return `call_local_${head.sequence}_${call}`;
}
