import { describe, expect, test } from "vitest";
import { type ProviderId, providerIds } from "../port.ts";
import type { ModelPrice, TokenRates } from "./model-price.ts";
import { createPriceTable, listPrices } from "./price-table.ts";

const table = createPriceTable();

function priceOf(provider: ProviderId, model: string): ModelPrice {
  const price = table.priceOf(provider, model);
  if (price === "unpriced") throw new Error(`${model} is unpriced`);
  return price;
}

function rates(input: number, output: number, cacheRead: number, cacheWrite: number): TokenRates {
  return { input, output, cacheRead, cacheWrite };
}

describe("the list", () => {
  const listed = providerIds.flatMap((provider) =>
    Object.entries(listPrices[provider]).map(([model, price]) => ({ provider, model, price })),
  );

  test("holds whole micro-dollars only, and nothing that is free", () => {
    for (const { provider, model, price } of listed) {
      const { longPrompt, ...short } = price;
      const all = [...Object.values(short), ...Object.values(longPrompt ?? {})];
      const right = all.every((rate) => Number.isInteger(rate) && rate > 0);
      expect({ provider, model, right }).toMatchObject({ right: true });
    }
  });

  test("has no cache read dearer than the prompt, no answer cheaper, and no long prompt cheaper than a short one", () => {
    for (const { provider, model, price } of listed) {
      const { longPrompt = price } = price;
      const right =
        price.cacheRead <= price.input &&
        price.cacheWrite >= price.input &&
        price.output >= price.input &&
        longPrompt.input >= price.input &&
        longPrompt.output >= price.output;
      expect({ provider, model, right }).toMatchObject({ right: true });
    }
  });

  test.each<[ProviderId, string, ModelPrice]>([
    ["openai", "gpt-4o-mini", rates(150_000, 600_000, 75_000, 150_000)],
    ["groq", "openai/gpt-oss-20b", rates(75_000, 300_000, 37_500, 75_000)],
    ["cerebras", "gpt-oss-120b", rates(350_000, 750_000, 350_000, 350_000)],
    [
      "google",
      "gemini-2.5-pro",
      {
        ...rates(1_250_000, 10_000_000, 125_000, 1_250_000),
        longPrompt: { aboveTokens: 200_000, ...rates(2_500_000, 15_000_000, 250_000, 2_500_000) },
      },
    ],
    [
      "openai",
      "gpt-5.5",
      {
        ...rates(5_000_000, 30_000_000, 500_000, 5_000_000),
        longPrompt: { aboveTokens: 271_999, ...rates(10_000_000, 45_000_000, 1_000_000, 10_000_000) },
      },
    ],
  ])("has %s's price of %s in micro-dollars a million tokens", (provider, model, price) => {
    expect(priceOf(provider, model)).toEqual(price);
  });

  test("has one price for an alias and the dated ids behind it", () => {
    expect(priceOf("anthropic", "claude-haiku-4-5")).toEqual(
      priceOf("anthropic", "claude-haiku-4-5-20251001"),
    );
    expect(priceOf("openai", "gpt-4.1")).toEqual(priceOf("openai", "gpt-4.1-2025-04-14"));
  });

  test("has Anthropic's own prices for Claude on Azure and in Bedrock's global profile", () => {
    const own = priceOf("anthropic", "claude-sonnet-4-5");
    expect(priceOf("azure-anthropic", "claude-sonnet-4-5")).toEqual(own);
    expect(priceOf("bedrock", "global.anthropic.claude-sonnet-4-5-20250929-v1:0")).toEqual(own);
  });

  test.each(["", "us.", "eu.", "apac.", "au.", "jp."])(
    "has a tenth more for Claude in one region or '%s', long prompts included, but not for models before 4.5",
    (profile) => {
      const haiku = priceOf("bedrock", `${profile}anthropic.claude-haiku-5-5`);
      expect(haiku).toMatchObject({
        input: 110_000,
        output: 550_000,
        cacheRead: 11_000,
        cacheWrite: 137_500,
      });
      expect(haiku.longPrompt).toMatchObject({ aboveTokens: 100_000, input: 550_000, cacheWrite: 687_500 });
      expect(priceOf("bedrock", `${profile}anthropic.claude-opus-4-1-20250805-v1:0`)).toEqual(
        priceOf("anthropic", "claude-opus-4-1"),
      );
    },
  );
});

describe("a model that is not in the list", () => {
  test("has no price, whatever its name looks like", () => {
    for (const name of ["claude-haiku-4-5-preview", "toString", "__proto__", ""]) {
      for (const provider of providerIds) expect(table.priceOf(provider, name)).toBe("unpriced");
    }
  });

  test("of another provider's list has none either", () => {
    expect(table.priceOf("groq", "gpt-4.1")).toBe("unpriced");
  });

  test("on the operator's own hardware has none until the operator sets it, and may then cost nothing", () => {
    expect(table.priceOf("vllm", "qwen3-32b")).toBe("unpriced");
    const free = rates(0, 0, 0, 0);
    expect(createPriceTable({ vllm: { "qwen3-32b": free } }).priceOf("vllm", "qwen3-32b")).toEqual(free);
  });
});

describe("an operator's price", () => {
  const own = rates(1, 2, 3, 4);

  test("holds for a listed model and for a new one, and leaves the others", () => {
    const set = createPriceTable({ anthropic: { "claude-haiku-4-5": own, "claude-next": own } });
    expect(set.priceOf("anthropic", "claude-haiku-4-5")).toEqual(own);
    expect(set.priceOf("anthropic", "claude-next")).toEqual(own);
    expect(set.priceOf("anthropic", "claude-opus-5")).toEqual(priceOf("anthropic", "claude-opus-5"));
    expect(set.priceOf("azure-anthropic", "claude-haiku-4-5")).not.toEqual(own);
  });

  test("is refused when it is negative or not whole", () => {
    for (const input of [-1, 0.5]) {
      expect(() => createPriceTable({ anthropic: { x: { ...own, input } } })).toThrow("input");
    }
  });
});
