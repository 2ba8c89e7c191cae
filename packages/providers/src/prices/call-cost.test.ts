import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TokenUsage } from "../port.ts";
import { anthropicPrices } from "./anthropic-prices.ts";
import { callBoundMicros, costMicros, upperBoundMicros } from "./call-cost.ts";
import type { ModelPrice } from "./model-price.ts";
import { createPriceTable, listPrices } from "./price-table.ts";

function priceOf(model: string): ModelPrice {
  const price = anthropicPrices[model];
  if (price === undefined) throw new Error(`${model} is unpriced`);
  return price;
}

function usage(more: Partial<TokenUsage>): TokenUsage {
  return {
    inputTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    ...more,
  };
}

describe("the cost of a call", () => {
  test("counts each kind of token at its own rate, thoughts as the output that they are a part of", () => {
    const sonnet = priceOf("claude-sonnet-4-5");
    const million = 1_000_000;
    expect(costMicros(sonnet, usage({ inputTokens: million }))).toBe(3_000_000);
    expect(costMicros(sonnet, usage({ outputTokens: million, reasoningTokens: million }))).toBe(15_000_000);
    expect(costMicros(sonnet, usage({ cacheReadTokens: million }))).toBe(300_000);
    expect(costMicros(sonnet, usage({ cacheWriteTokens: million }))).toBe(3_750_000);
  });

  test("is rounded up, so that no call with tokens is free", () => {
    expect(costMicros(priceOf("claude-haiku-5-5"), usage({ cacheReadTokens: 1 }))).toBe(1);
    expect(costMicros(priceOf("claude-haiku-4-5"), usage({}))).toBe(0);
  });

  test("is exact where floating point is not", () => {
    const price = { input: 9_007_199_254_740_991, output: 0, cacheRead: 0, cacheWrite: 0 };
    expect(costMicros(price, usage({ inputTokens: 999_999 }))).toBe(9_007_190_247_541_737);
  });

  test("follows the long rates, answer included, when cached and new prompt tokens together pass the limit", () => {
    const haiku = priceOf("claude-haiku-5-5");
    expect(costMicros(haiku, usage({ inputTokens: 100_000, outputTokens: 1_000_000 }))).toBe(510_000);
    const long = usage({ inputTokens: 50_000, cacheReadTokens: 50_001, outputTokens: 1_000_000 });
    expect(costMicros(haiku, long)).toBe(25_000 + 2_501 + 2_500_000);
  });
});

const rate = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 600_000_000 }));
const rates = fc.record({ input: rate, output: rate, cacheRead: rate, cacheWrite: rate });
const anyPrice: fc.Arbitrary<ModelPrice> = fc.oneof(
  rates,
  fc
    .tuple(rates, rates, fc.integer({ min: 0, max: 300_000 }))
    .map(([short, long, aboveTokens]) => ({ ...short, longPrompt: { ...long, aboveTokens } })),
  fc.constantFrom(...Object.values(listPrices).flatMap((list) => Object.values(list))),
);

/** What a provider may count for a call: up to 1,000 tokens more than it was sent bytes, cached and written as it likes. */
const anyCall = fc
  .record({
    promptBytes: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 400_000 })),
    maxTokens: fc.integer({ min: 1, max: 128_000 }),
  })
  .chain(({ promptBytes, maxTokens }) =>
    fc
      .record({
        promptTokens: upTo(promptBytes + 1_000),
        outputTokens: upTo(maxTokens),
        reasoning: fc.double({ min: 0, max: 1, noNaN: true }),
        read: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
        written: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
      })
      .map(({ promptTokens, outputTokens, reasoning, read, written }) => {
        const cacheReadTokens = Math.floor(promptTokens * read);
        const cacheWriteTokens = Math.floor((promptTokens - cacheReadTokens) * written);
        const used: TokenUsage = {
          inputTokens: promptTokens - cacheReadTokens - cacheWriteTokens,
          outputTokens,
          reasoningTokens: Math.floor(outputTokens * reasoning),
          cacheReadTokens,
          cacheWriteTokens,
        };
        return { bounds: { promptBytes, maxTokens }, used };
      }),
  );

/** Now and then all of it, so that the bound is reached. */
function upTo(max: number): fc.Arbitrary<number> {
  return fc.oneof(fc.constant(max), fc.integer({ min: 0, max }));
}

describe("the bound of a call", () => {
  test("holds for every price, long rates dearer and cheaper, and every usage within what was asked for", () => {
    let reached = 0;
    fc.assert(
      fc.property(anyPrice, anyCall, (price, { bounds, used }) => {
        const cost = costMicros(price, used);
        const bound = upperBoundMicros(price, bounds);
        if (cost === bound && cost > 0) reached += 1;
        return cost <= bound;
      }),
      { numRuns: 10_000 },
    );
    expect(reached).toBeGreaterThan(50);
  });

  test("is what a call costs that uses everything at the dearest rate", () => {
    const bound = upperBoundMicros(priceOf("claude-haiku-4-5"), { promptBytes: 99_000, maxTokens: 1_000 });
    expect(bound).toBe(100_000 * 1.25 + 1_000 * 5);
  });

  test("covers the short rates of a prompt that may be long, where those are dearer, the answer's included", () => {
    const price = {
      input: 10_000_000,
      output: 50_000_000,
      cacheRead: 0,
      cacheWrite: 0,
      longPrompt: { aboveTokens: 5_000, input: 1_000_000, output: 5_000_000, cacheRead: 0, cacheWrite: 0 },
    };
    const call = { promptBytes: 10_000, maxTokens: 1_000 };
    const short = usage({ inputTokens: 5_000, outputTokens: 1_000 });
    expect(costMicros(price, short)).toBe(100_000);
    expect(upperBoundMicros(price, call)).toBeGreaterThanOrEqual(100_000);
  });

  test("covers the long rates as soon as the tokens that a provider adds may pass the limit", () => {
    const haiku = priceOf("claude-haiku-5-5");
    const long = usage({ inputTokens: 100_001, outputTokens: 1_000 });
    const bound = upperBoundMicros(haiku, { promptBytes: 99_001, maxTokens: 1_000 });
    expect(bound).toBeGreaterThanOrEqual(costMicros(haiku, long));
  });

  const table = createPriceTable();
  const call = { provider: "anthropic", model: "claude-haiku-4-5", promptBytes: 10, maxTokens: 10 } as const;

  test("is charged on the platform's key only", () => {
    const bound = upperBoundMicros(priceOf("claude-haiku-4-5"), call);
    expect(bound).toBeGreaterThan(0);
    expect(callBoundMicros(table, { ...call, source: "platform" })).toBe(bound);
    expect(callBoundMicros(table, { ...call, source: "workspace" })).toBe(0);
    expect(callBoundMicros(table, { ...call, source: "organization" })).toBe(0);
  });

  test("is nothing for a model without a price, which is refused before it is called", () => {
    expect(callBoundMicros(table, { ...call, model: "claude-unheard-of", source: "platform" })).toBe(0);
  });
});
