import { z } from "zod";

/** Micro-dollars per million tokens, whole numbers: $3 per million is 3,000,000. */
const rate = z.int().min(0);
const tokenRates = z.strictObject({
  input: rate,
  /** Thoughts included: every provider bills them as output. */
  output: rate,
  cacheRead: rate,
  cacheWrite: rate,
});
export const modelPrice = tokenRates.extend({
  /** Rates for the whole call, answer included, when its prompt has more tokens than this; cached ones count. */
  longPrompt: tokenRates.extend({ aboveTokens: z.int().min(0) }).optional(),
});

export type TokenRates = z.infer<typeof tokenRates>;
export type ModelPrice = z.infer<typeof modelPrice>;

/** Prices by the id that a call names. */
export type PriceList = Readonly<Record<string, ModelPrice>>;

/** Dollars per million tokens, as price pages print them. A cache without a price of its own costs what input costs. */
export function dollars(input: number, output: number, cacheRead = input, cacheWrite = input): TokenRates {
  return {
    input: micros(input),
    output: micros(output),
    cacheRead: micros(cacheRead),
    cacheWrite: micros(cacheWrite),
  };
}

/** An alias and the dated ids behind it have one price. */
export function each(models: readonly string[], price: ModelPrice): Record<string, ModelPrice> {
  return Object.fromEntries(models.map((model) => [model, price]));
}

function micros(amount: number): number {
  return Math.round(amount * 1_000_000);
}
