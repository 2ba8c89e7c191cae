import { dollars, each, type ModelPrice, type PriceList, type TokenRates } from "./model-price.ts";

/**
 * The Gemini API's public list prices for text, images and PDFs, paid tier, standard. Prompts are cached unasked, which
 * costs nothing.
 * Source: ai.google.dev/gemini-api/docs/pricing of 2026-10-07, as api-evangelist/deepmind quotes it, and as the package
 * @pydantic/genai-prices 0.1.8 has it, of 2026-09-23; the cache price of 3.5 Flash-Lite: simonw/llm-prices.
 */
export const googlePrices: PriceList = {
  // From 2027-01-01 on. Until then they cost half, which an operator may set: a price that is too low bounds nothing.
  ...each(["gemini-3.8-flash", "gemini-3.7-flash", "gemini-3.6-flash"], dollars(1.5, 7.5, 0.15)),
  "gemini-3.5-flash": dollars(1.5, 9, 0.15),
  "gemini-3.5-flash-lite": dollars(0.3, 2.5, 0.03),
  ...each(
    ["gemini-3.1-pro-preview", "gemini-3-pro-preview"],
    above200k(dollars(2, 12, 0.2), dollars(4, 18, 0.4)),
  ),
  ...each(["gemini-3.1-flash-lite", "gemini-3.1-flash-lite-preview"], dollars(0.25, 1.5, 0.025)),
  "gemini-3-flash-preview": dollars(0.5, 3, 0.05),

  "gemini-2.5-pro": above200k(dollars(1.25, 10, 0.125), dollars(2.5, 15, 0.25)),
  "gemini-2.5-flash": dollars(0.3, 2.5, 0.03),
  "gemini-2.5-flash-lite": dollars(0.1, 0.4, 0.01),

  ...each(["gemini-2.0-flash", "gemini-2.0-flash-001"], dollars(0.1, 0.4, 0.025)),
  ...each(["gemini-2.0-flash-lite", "gemini-2.0-flash-lite-001"], dollars(0.075, 0.3)),
};

function above200k(short: TokenRates, long: TokenRates): ModelPrice {
  return { ...short, longPrompt: { aboveTokens: 200_000, ...long } };
}
