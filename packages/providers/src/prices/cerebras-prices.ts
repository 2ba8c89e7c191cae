import { dollars, type PriceList } from "./model-price.ts";

/**
 * Cerebras' public list prices, developer tier, of the models that it still serves.
 * Source: cerebras.ai/pricing and inference-docs.cerebras.ai, as the package @pydantic/genai-prices 0.1.8 has them, of
 * 2026-09-23; Qwen 3.8: api.cerebras.ai/public/v1/models of 2026-09-03, as models.dev has it.
 */
export const cerebrasPrices: PriceList = {
  "gpt-oss-120b": dollars(0.35, 0.75),
  "gemma-4-31b": dollars(0.99, 1.49),
  "qwen-3.8-27b": dollars(0.99, 1.49),
};
