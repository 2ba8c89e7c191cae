import { dollars, type PriceList } from "./model-price.ts";

/**
 * Groq's public list prices, on demand.
 * Source: console.groq.com/docs/models, as the package @pydantic/genai-prices 0.1.8 has it, of 2026-09-23; Qwen 3.8:
 * groq.com/pricing of 2026-08-29, as models.dev has it.
 */
export const groqPrices: PriceList = {
  "openai/gpt-oss-120b": dollars(0.15, 0.6, 0.075),
  "openai/gpt-oss-20b": dollars(0.075, 0.3, 0.0375),
  "llama-3.3-70b-versatile": dollars(0.59, 0.79),
  "llama-3.1-8b-instant": dollars(0.05, 0.08),
  "meta-llama/llama-4-maverick-17b-128e-instruct": dollars(0.2, 0.6),
  "meta-llama/llama-4-scout-17b-16e-instruct": dollars(0.11, 0.34),
  "moonshotai/kimi-k2-instruct-0905": dollars(1, 3, 0.5),
  "qwen/qwen3-32b": dollars(0.29, 0.59),
  "qwen/qwen3.8-27b": dollars(0.8, 4, 0.4),
};
