import type { CompletionUsage } from "openai/resources/completions";
import type { ResponseUsage } from "openai/resources/responses/responses";
import type { AnswerUsage } from "../answer/answer.ts";

/** Prompt tokens include those of the cache here, and completion tokens those of reasoning. */
export function completionUsage(usage: AnswerUsage): CompletionUsage {
  const prompt = promptTokens(usage);
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.output,
    total_tokens: prompt + usage.output,
    prompt_tokens_details: {
      audio_tokens: 0,
      cached_tokens: usage.cacheRead,
      ...(usage.cacheWrite === 0 ? {} : { cache_write_tokens: usage.cacheWrite }),
    },
    completion_tokens_details: {
      audio_tokens: 0,
      reasoning_tokens: usage.reasoning,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

/** Counted as chat completions count, under other names. */
export function responseUsage(usage: AnswerUsage): ResponseUsage {
  const input = promptTokens(usage);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cacheRead, cache_write_tokens: usage.cacheWrite },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: input + usage.output,
  };
}

function promptTokens(usage: AnswerUsage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite;
}
