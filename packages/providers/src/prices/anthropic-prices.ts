import { dollars, each, type PriceList } from "./model-price.ts";

/**
 * Anthropic's public list prices for the Claude API, standard tier, five-minute cache writes.
 * Source: platform.claude.com/docs/en/about-claude/pricing and the pages of the single models, read on 2026-11-24.
 */
export const anthropicPrices: PriceList = {
  "claude-fable-5-2": dollars(8, 40, 0.2, 10),
  ...each(["claude-fable-5-1", "claude-mythos-5-1"], dollars(10, 50, 0.25, 12.5)),
  ...each(["claude-fable-5", "claude-mythos-5"], dollars(10, 50, 1, 12.5)),

  "claude-opus-5-5": dollars(4, 20, 0.2, 5),
  ...each(
    [
      "claude-opus-5",
      "claude-opus-4-8",
      "claude-opus-4-7",
      "claude-opus-4-6",
      "claude-opus-4-5",
      "claude-opus-4-5-20251101",
    ],
    dollars(5, 25, 0.5, 6.25),
  ),
  ...each(["claude-opus-4-1", "claude-opus-4-1-20250805"], dollars(15, 75, 1.5, 18.75)),

  // Cache reads of Sonnet 5.5 cost half of Sonnet 5's since 2026-10-07.
  "claude-sonnet-5-5": dollars(2, 10, 0.1, 2.5),
  "claude-sonnet-5": dollars(2, 10, 0.2, 2.5),
  ...each(
    [
      "claude-sonnet-4-6",
      "claude-sonnet-4-5",
      "claude-sonnet-4-5-20250929",
      "claude-sonnet-4-0",
      "claude-sonnet-4-20250514",
    ],
    dollars(3, 15, 0.3, 3.75),
  ),

  "claude-haiku-5-5": {
    ...dollars(0.1, 0.5, 0.01, 0.125),
    longPrompt: { aboveTokens: 100_000, ...dollars(0.5, 2.5, 0.05, 0.625) },
  },
  ...each(["claude-haiku-4-5", "claude-haiku-4-5-20251001"], dollars(1, 5, 0.1, 1.25)),
  ...each(["claude-3-5-haiku-latest", "claude-3-5-haiku-20241022"], dollars(0.8, 4, 0.08, 1)),
};
