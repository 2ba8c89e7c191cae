import { z } from "zod";
import { type ProviderId, providerIds } from "../port.ts";
import { anthropicPrices } from "./anthropic-prices.ts";
import { bedrockPrices } from "./bedrock-prices.ts";
import { cerebrasPrices } from "./cerebras-prices.ts";
import { googlePrices } from "./google-prices.ts";
import { groqPrices } from "./groq-prices.ts";
import { type ModelPrice, modelPrice, type PriceList } from "./model-price.ts";
import { openaiPrices } from "./openai-prices.ts";

/** Prices per provider and model, in place of the list price or for models that have none. */
const priceOverrides = z.partialRecord(z.enum(providerIds), z.record(z.string().min(1), modelPrice));

export interface PriceTable {
  priceOf(provider: ProviderId, model: string): ModelPrice | "unpriced";
}

/** A model that is not in its provider's list is refused until the operator prices it; 0 is a price. */
export const listPrices: Readonly<Record<ProviderId, PriceList>> = {
  anthropic: anthropicPrices,
  // Microsoft Foundry bills Anthropic's own rates, for deployments that are named as their model. A deployment in a US data
  // zone costs 1.1 times as much: the operator prices it. Source: platform.claude.com/docs/en/about-claude/pricing, 2026-09-26.
  "azure-anthropic": anthropicPrices,
  bedrock: bedrockPrices,
  // Runs on hardware of the operator's, who alone knows what it costs.
  vllm: {},
  openai: openaiPrices,
  groq: groqPrices,
  cerebras: cerebrasPrices,
  google: googlePrices,
};

/**
 * The list prices with the operator's own put over them: `{ [provider]: { [model]: ModelPrice } }`. Throws a `ZodError` that
 * names what is wrong with those.
 */
export function createPriceTable(overrides: unknown = {}): PriceTable {
  const own = priceOverrides.parse(overrides);
  const byProvider = new Map(
    Object.entries(listPrices).map(([provider, list]) => [provider, new Map(Object.entries(list))]),
  );
  for (const [provider, prices] of Object.entries(own)) {
    for (const [model, price] of Object.entries(prices)) byProvider.get(provider)?.set(model, price);
  }
  return { priceOf: (provider, model) => byProvider.get(provider)?.get(model) ?? "unpriced" };
}
