import type { Answer, AnswerBlock, AnswerUsage } from "./answer.ts";
import type { Ask } from "./ask.ts";
import { chooseCalls } from "./choose-calls.ts";
import type { Directives } from "./directives.ts";
import { inputTokens } from "./input-tokens.ts";
import { readableAnswer } from "./readable-answer.ts";
import { sampleFromSchema } from "./sample-from-schema.ts";
import { filler, tokenize } from "./tokens.ts";

/** What the model says to `prompt`, the newest text without its directives. The same request gives the same answer. */
export function composeAnswer(
  ask: Ask,
  prompt: string,
  directives: Directives,
  defaults: { readonly outputTokens: number | null },
): Answer {
  if (directives.oversizeMb !== null) {
    const blocks: AnswerBlock[] = [{ type: "text", chunks: oversized(directives.oversizeMb) }];
    return { blocks, stopReason: "end", usage: usageOf(ask, blocks, directives) };
  }
  const whole = spoken(ask, prompt, directives, defaults);
  const blocks = cutAfter(whole, ask.maxTokens ?? Number.POSITIVE_INFINITY);
  const cut = countTokens(blocks) < countTokens(whole);
  const calls = blocks.some((block) => block.type === "tool_call");
  return {
    blocks,
    stopReason: directives.stopReason ?? (cut ? "max_tokens" : calls ? "tool_calls" : "end"),
    usage: usageOf(ask, blocks, directives),
  };
}

function spoken(
  ask: Ask,
  prompt: string,
  directives: Directives,
  defaults: { readonly outputTokens: number | null },
): AnswerBlock[] {
  const calls = chooseCalls(ask, directives.callTools);
  if (calls.length > 0) {
    return [
      ...(directives.preface === null ? [] : [textBlock(tokenize(directives.preface))]),
      ...calls.map((tool) => ({
        type: "tool_call" as const,
        name: tool.name,
        chunks: tokenize(directives.say ?? JSON.stringify(sampleFromSchema(tool.inputSchema))),
      })),
    ];
  }
  if (ask.outputSchema !== null) {
    return [textBlock(tokenize(directives.say ?? JSON.stringify(sampleFromSchema(ask.outputSchema))))];
  }
  const natural = tokenize(directives.say ?? readableAnswer(ask, prompt));
  const wished = directives.outputTokens ?? (directives.say === null ? defaults.outputTokens : null);
  return [textBlock(wished === null ? natural : resized(natural, wished))];
}

function textBlock(chunks: readonly string[]): AnswerBlock {
  return { type: "text", chunks };
}

/** Shortens or lengthens an answer to a wished number of tokens. */
function resized(chunks: readonly string[], tokens: number): string[] {
  const long = [...chunks];
  while (long.length < tokens) long.push(...filler);
  return long.slice(0, tokens);
}

function oversized(megabytes: number): string[] {
  const chunk = "x".repeat(62_500);
  return Array.from({ length: Math.ceil(megabytes * 16) }, () => chunk);
}

function cutAfter(blocks: readonly AnswerBlock[], tokensMax: number): AnswerBlock[] {
  let left = tokensMax;
  const kept: AnswerBlock[] = [];
  for (const block of blocks) {
    if (left <= 0) break;
    kept.push({ ...block, chunks: block.chunks.slice(0, left) });
    left -= block.chunks.length;
  }
  return kept;
}

function countTokens(blocks: readonly AnswerBlock[]): number {
  return blocks.reduce((sum, block) => sum + block.chunks.length, 0);
}

function usageOf(ask: Ask, blocks: readonly AnswerBlock[], directives: Directives): AnswerUsage {
  const reasoning = directives.usage.reasoning ?? 0;
  return {
    input: directives.usage.input ?? inputTokens(ask),
    cacheRead: directives.cache.read,
    cacheWrite: directives.cache.write,
    output: directives.usage.output ?? Math.max(1, countTokens(blocks)) + reasoning,
    reasoning,
  };
}
