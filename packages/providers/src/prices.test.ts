import { describe, expect, test } from "vitest";
import { anthropicPrices } from "./anthropic/price-list.ts";
import type { TokenUsage } from "./port.ts";
import {
  callBoundMicros,
  costMicros,
  createPriceTable,
  type ModelPrice,
  upperBoundMicros,
} from "./prices.ts";

const table = createPriceTable();

function priceOf(model: string): ModelPrice {
  const price = table.priceOf("anthropic", model);
  if (price === "unpriced") throw new Error(`${model} is unpriced`);
  return price;
}

function usage(more: Partial<TokenUsage>): TokenUsage {
  return { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, ...more };
}

describe("the price table", () => {
  test("prices an alias and its dated id alike", () => {
    expect(priceOf("claude-haiku-4-5")).toEqual(priceOf("claude-haiku-4-5-20251001"));
    expect(priceOf("claude-opus-4-5")).toEqual({
      input: 5_000_000,
      output: 25_000_000,
      cacheRead: 500_000,
      cacheWrite: 6_250_000,
    });
  });

  test("holds whole micro-dollars only", () => {
    for (const { longPrompt, ...rates } of Object.values(anthropicPrices)) {
      for (const rate of Object.values({ ...rates, ...longPrompt })) {
        expect(Number.isInteger(rate)).toBe(true);
        expect(rate).toBeGreaterThan(0);
      }
    }
  });

  test("knows no price for a model that is not listed, whatever its name looks like", () => {
    for (const name of ["claude-haiku-4-5-preview", "toString", "__proto__", ""]) {
      expect(table.priceOf("anthropic", name)).toBe("unpriced");
    }
  });

  test("takes an operator's price for a listed model and for a new one", () => {
    const rates = { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 };
    const own = createPriceTable({ anthropic: { "claude-haiku-4-5": rates, "claude-next": rates } });
    expect(own.priceOf("anthropic", "claude-haiku-4-5")).toEqual(rates);
    expect(own.priceOf("anthropic", "claude-next")).toEqual(rates);
    expect(own.priceOf("anthropic", "claude-opus-5")).toEqual(priceOf("claude-opus-5"));
  });

  test("refuses an operator's price that is negative or not whole", () => {
    for (const input of [-1, 0.5]) {
      const prices = { anthropic: { x: { input, output: 1, cacheRead: 1, cacheWrite: 1 } } };
      expect(() => createPriceTable(prices)).toThrow("input");
    }
  });
});

describe("the cost of a call", () => {
  test("counts each kind of token at its own rate", () => {
    const sonnet = priceOf("claude-sonnet-4-5");
    const million = 1_000_000;
    expect(costMicros(sonnet, usage({ inputTokens: million }))).toBe(3_000_000);
    expect(costMicros(sonnet, usage({ outputTokens: million }))).toBe(15_000_000);
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

describe("the bound of a call", () => {
  test.each([11, 12, 13])(
    "holds for random prices, long rates dearer and cheaper, and random usage, seed %i",
    (seed) => {
      const random = randomOf(seed);
      const rates = () => ({
        input: random(20_000_000),
        output: random(80_000_000),
        cacheRead: random(20_000_000),
        cacheWrite: random(20_000_000),
      });
      const list = Object.values(anthropicPrices);
      for (let round = 0; round < 5_000; round += 1) {
        const price =
          round % 3 === 0
            ? list[random(list.length)]
            : {
                ...rates(),
                longPrompt: { ...rates(), aboveTokens: random(round % 2 === 0 ? 3_000 : 200_000) },
              };
        if (price === undefined) throw new Error("no price");
        const promptBytes = random(round % 2 === 0 ? 2_000 : 400_000);
        const maxTokens = 1 + random(64_000);
        // A provider adds up to 1,000 tokens to a prompt. Now and then all of it, so that the bound is reached.
        let left = promptBytes + 1_000;
        const take = () => {
          const taken = random(4) === 0 ? left : random(left + 1);
          left -= taken;
          return taken;
        };
        const used = usage({
          cacheWriteTokens: take(),
          inputTokens: take(),
          cacheReadTokens: take(),
          outputTokens: maxTokens - (random(2) === 0 ? 0 : random(maxTokens + 1)),
        });
        const bound = upperBoundMicros(price, { promptBytes, maxTokens });
        expect({ price, used, isBounded: costMicros(price, used) <= bound }).toMatchObject({
          isBounded: true,
        });
      }
    },
  );

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

function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
