import type { KeySource, ProviderId, TokenUsage } from "../port.ts";
import type { ModelPrice, TokenRates } from "./model-price.ts";
import type { PriceTable } from "./price-table.ts";

/** What a call costs, in micro-dollars, rounded up. */
export function costMicros(price: ModelPrice, usage: TokenUsage): number {
  const promptTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const rates = longRates(price, promptTokens) ?? price;
  return microsOf([
    [usage.inputTokens, rates.input],
    [usage.outputTokens, rates.output],
    [usage.cacheReadTokens, rates.cacheRead],
    [usage.cacheWriteTokens, rates.cacheWrite],
  ]);
}

/**
 * Tokens that a provider adds to a prompt: framing, and its own instructions for structured output or tools. The most that
 * one tells is 804, for the tools of Claude Opus 4.7. Source: platform.claude.com/docs/en/about-claude/pricing, a copy of mid-2026.
 */
const addedTokensMax = 1_000;

/** A call as far as its cost is bounded before it is made. */
interface CallBounds {
  /**
   * UTF-8 bytes of system, prompt, tools and schema. No token stands for less than a byte: the tokenizers of OpenAI, Llama
   * and Anthropic merge bytes, those of Gemini merge characters and fall back to single bytes for unknown ones.
   */
  readonly promptBytes: number;
  /** Thoughts and structured output count too. */
  readonly maxTokens: number;
}

/**
 * The most that a call is charged for, in micro-dollars. Nothing when another key than the platform's pays, and nothing for a model without
 * a price: it is refused before it is called.
 */
export function callBoundMicros(
  prices: PriceTable,
  call: { readonly provider: ProviderId; readonly model: string; readonly source: KeySource } & CallBounds,
): number {
  if (call.source !== "platform") return 0;
  const price = prices.priceOf(call.provider, call.model);
  return price === "unpriced" ? 0 : upperBoundMicros(price, call);
}

/**
 * The most that a call can cost, in micro-dollars: all of the prompt may be billed at its dearest rate (a cache write), the answer may use
 * all of `maxTokens`, and a prompt that may be long may be short as well, whichever is dearer.
 */
export function upperBoundMicros(price: ModelPrice, call: CallBounds): number {
  const promptTokens = call.promptBytes + addedTokensMax;
  const long = longRates(price, promptTokens);
  const tiers: readonly TokenRates[] = long === null ? [price] : [price, long];
  return Math.max(
    ...tiers.map((rates) =>
      microsOf([
        [promptTokens, Math.max(rates.input, rates.cacheRead, rates.cacheWrite)],
        [call.maxTokens, rates.output],
      ]),
    ),
  );
}

function longRates(price: ModelPrice, promptTokens: number): TokenRates | null {
  return price.longPrompt !== undefined && promptTokens > price.longPrompt.aboveTokens
    ? price.longPrompt
    : null;
}

function microsOf(items: readonly (readonly [tokens: number, rate: number])[]): number {
  const perMillion = items.reduce((sum, [tokens, rate]) => sum + BigInt(tokens) * BigInt(rate), 0n);
  return Number((perMillion + 999_999n) / 1_000_000n);
}
