import { dollars, each, type ModelPrice, type PriceList, type TokenRates } from "./model-price.ts";

/**
 * OpenAI's public list prices, standard tier, global processing.
 * Source: developers.openai.com/api/docs/pricing and the pages of the single models, as the package @pydantic/genai-prices
 * 0.1.8 has them, of 2026-09-23.
 */
export const openaiPrices: PriceList = {
  "gpt-6-astra": long(dollars(10, 50, 1, 12.5), 271_999),
  "gpt-6-sol": long(dollars(2, 10, 0.2, 2.5), 272_000),
  "gpt-6-luna": long(dollars(0.1, 0.5, 0.01, 0.125), 272_000),

  ...each(["gpt-5.6", "gpt-5.6-sol"], long(dollars(4, 20, 0.4, 5), 271_999)),
  "gpt-5.6-terra": long(dollars(2, 12, 0.2, 2.5), 271_999),
  "gpt-5.6-luna": long(dollars(0.2, 1.2, 0.02, 0.25), 271_999),

  ...each(["gpt-5.5", "gpt-5.5-2026-04-23"], long(dollars(5, 30, 0.5), 271_999)),
  ...each(["gpt-5.5-pro", "gpt-5.5-pro-2026-04-23"], long(dollars(30, 180), 271_999)),

  ...each(["gpt-5.4", "gpt-5.4-2026-03-05"], long(dollars(2.5, 15, 0.25), 271_999)),
  ...each(["gpt-5.4-pro", "gpt-5.4-pro-2026-03-05"], long(dollars(30, 180), 271_999)),
  ...each(["gpt-5.4-mini", "gpt-5.4-mini-2026-03-17"], dollars(0.75, 4.5, 0.075)),
  ...each(["gpt-5.4-nano", "gpt-5.4-nano-2026-03-17"], dollars(0.2, 1.25, 0.02)),

  ...each(
    ["gpt-5.2", "gpt-5.2-2025-12-11", "gpt-5.2-chat-latest", "gpt-5.2-codex", "gpt-5.3-codex"],
    dollars(1.75, 14, 0.175),
  ),
  ...each(["gpt-5.2-pro", "gpt-5.2-pro-2025-12-11"], dollars(21, 168)),

  ...each(
    [
      "gpt-5.1",
      "gpt-5.1-2025-11-13",
      "gpt-5.1-chat-latest",
      "gpt-5.1-codex",
      "gpt-5.1-codex-max",
      "gpt-5",
      "gpt-5-2025-08-07",
      "gpt-5-chat-latest",
      "gpt-5-codex",
    ],
    dollars(1.25, 10, 0.125),
  ),
  ...each(["gpt-5-mini", "gpt-5-mini-2025-08-07", "gpt-5.1-codex-mini"], dollars(0.25, 2, 0.025)),
  ...each(["gpt-5-nano", "gpt-5-nano-2025-08-07"], dollars(0.05, 0.4, 0.005)),
  ...each(["gpt-5-pro", "gpt-5-pro-2025-10-06"], dollars(15, 120)),

  ...each(["gpt-4.1", "gpt-4.1-2025-04-14"], dollars(2, 8, 0.5)),
  ...each(["gpt-4.1-mini", "gpt-4.1-mini-2025-04-14"], dollars(0.4, 1.6, 0.1)),
  ...each(["gpt-4.1-nano", "gpt-4.1-nano-2025-04-14"], dollars(0.1, 0.4, 0.025)),

  ...each(["gpt-4o", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20"], dollars(2.5, 10, 1.25)),
  ...each(["gpt-4o-mini", "gpt-4o-mini-2024-07-18"], dollars(0.15, 0.6, 0.075)),

  ...each(["o4-mini", "o4-mini-2025-04-16"], dollars(1.1, 4.4, 0.275)),
  ...each(["o3", "o3-2025-04-16"], dollars(2, 8, 0.5)),
  ...each(["o3-pro", "o3-pro-2025-06-10"], dollars(20, 80)),
  ...each(["o3-mini", "o3-mini-2025-01-31"], dollars(1.1, 4.4, 0.55)),
  ...each(["o1", "o1-2024-12-17"], dollars(15, 60, 7.5)),
  ...each(["o1-pro", "o1-pro-2025-03-19"], dollars(150, 600)),
};

/** A long prompt, cached or not, costs twice as much, and its answer one and a half times. */
function long(price: TokenRates, aboveTokens: number): ModelPrice {
  return {
    ...price,
    longPrompt: {
      aboveTokens,
      input: price.input * 2,
      output: price.output * 1.5,
      cacheRead: price.cacheRead * 2,
      cacheWrite: price.cacheWrite * 2,
    },
  };
}
