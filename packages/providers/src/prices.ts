import { z } from "zod";
import { anthropicPrices } from "./anthropic/price-list.ts";
import type { KeySource, ProviderId, TokenUsage } from "./port.ts";

/** Micro-dollars per million tokens, whole numbers: $3 per million is 3,000,000. */
const rate = z.int().min(0);
const tokenRates = z.strictObject({ input: rate, output: rate, cacheRead: rate, cacheWrite: rate });
const modelPrice = tokenRates.extend({
  /** Rates for the whole call, answer included, when its prompt has more tokens than this; cached ones count. */
  longPrompt: tokenRates.extend({ aboveTokens: z.int().min(0) }).optional(),
});
const priceOverrides = z.partialRecord(z.enum(["anthropic"]), z.record(z.string().min(1), modelPrice));

export type TokenRates = z.infer<typeof tokenRates>;
export type ModelPrice = z.infer<typeof modelPrice>;
/** What an operator sets: prices per provider and model, in place of the list price or for models that have none. */
export type PriceOverrides = z.infer<typeof priceOverrides>;

export interface PriceTable {
  priceOf(provider: ProviderId, model: string): ModelPrice | "unpriced";
}

const listPrices: Readonly<Record<ProviderId, Readonly<Record<string, ModelPrice>>>> = {
  anthropic: anthropicPrices,
};

/** The list prices with the operator's own put over them. Throws a `ZodError` that names what is wrong with those. */
export function createPriceTable(overrides: PriceOverrides = {}): PriceTable {
  const own = priceOverrides.parse(overrides);
  const byProvider = new Map(
    Object.entries(listPrices).map(([provider, list]) => [provider, new Map(Object.entries(list))]),
  );
  for (const [provider, prices] of Object.entries(own)) {
    for (const [model, price] of Object.entries(prices)) byProvider.get(provider)?.set(model, price);
  }
  return { priceOf: (provider, model) => byProvider.get(provider)?.get(model) ?? "unpriced" };
}

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

/** Tokens that a provider adds to a prompt: framing, and its own instructions for structured output or tools. */
const addedTokensMax = 1_000;

/** A call as far as its cost is bounded before it is made. */
interface CallBounds {
  /** UTF-8 bytes of system, prompt and schema: no token is shorter than a byte. */
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
