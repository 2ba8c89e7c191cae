import { z } from "zod";
import type { TokenUsage } from "../port.ts";

const count = z.int().min(0);
const optionalCount = count.nullish().catch(null);

const usage = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: optionalCount,
  prompt_tokens_details: z
    .object({ cached_tokens: optionalCount, cache_write_tokens: optionalCount })
    .nullish()
    .catch(null),
  completion_tokens_details: z.object({ reasoning_tokens: optionalCount }).nullish().catch(null),
});
/** Counts that are none are left to the estimate. */
const optionalUsage = usage.nullish().catch(null);

const toolCallDelta = z.object({
  index: count.nullish(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
});
export type ToolCallDelta = z.infer<typeof toolCallDelta>;

const delta = z.object({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  reasoning: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  tool_calls: z.array(toolCallDelta).nullish(),
});
export type ChatDelta = z.infer<typeof delta>;

/** One event of a stream: what the dialects have in common, and `x_groq`. What else a server adds is dropped. */
const chatChunk = z.object({
  model: z.string().nullish(),
  choices: z.array(z.object({ delta: delta.nullish(), finish_reason: z.string().nullish() })).nullish(),
  usage: optionalUsage,
  x_groq: z.object({ usage: optionalUsage, error: z.string().nullish() }).nullish(),
});
export type ChatChunk = z.infer<typeof chatChunk>;

/** The server sent what is no chat completion. `message` says what is wrong with it, and never holds what was sent. */
export class UnreadableChunk extends Error {
  override readonly name = "UnreadableChunk";
}

/** Throws `UnreadableChunk` for what is no JSON. */
export function parseEventData(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw new UnreadableChunk("A part of the answer is no JSON.");
  }
}

/** Throws `UnreadableChunk`: a piece of the answer that is passed over would be missing without a trace. */
export function readChatChunk(json: unknown): ChatChunk {
  const parsed = chatChunk.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UnreadableChunk(
    `A part of the answer is no chat completion (${issue?.path.join(".") || "the whole"}).`,
  );
}

/**
 * Prompt tokens include cached ones on this wire. Completion tokens should include thoughts, and where a server leaves
 * them out (xAI, Gemini's compatible address) the total still holds them.
 */
export function usageOf({ usage, x_groq }: ChatChunk): TokenUsage | null {
  const counted = usage ?? x_groq?.usage ?? null;
  if (counted === null) return null;
  const { prompt_tokens: prompt, completion_tokens: completion } = counted;
  const cacheReadTokens = Math.min(prompt, counted.prompt_tokens_details?.cached_tokens ?? 0);
  const cacheWriteTokens = Math.min(
    prompt - cacheReadTokens,
    counted.prompt_tokens_details?.cache_write_tokens ?? 0,
  );
  return {
    inputTokens: prompt - cacheReadTokens - cacheWriteTokens,
    outputTokens: Math.max(completion, (counted.total_tokens ?? 0) - prompt),
    reasoningTokens: counted.completion_tokens_details?.reasoning_tokens ?? 0,
    cacheReadTokens,
    cacheWriteTokens,
  };
}
