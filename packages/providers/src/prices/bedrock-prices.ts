import { anthropicPrices } from "./anthropic-prices.ts";
import { dollars, type ModelPrice, type PriceList, type TokenRates } from "./model-price.ts";

/**
 * Amazon Bedrock's public list prices, on demand, standard tier.
 * Claude costs what Anthropic asks through the global inference profile; in one region or a profile of some, models since
 * 4.5 cost a tenth more. Nova and Llama are priced by region: here are those of the profile of the United States, and the
 * one of all regions; others are for the operator to price.
 * Source: aws.amazon.com/bedrock/pricing and the AWS price list, as the package @pydantic/genai-prices 0.1.8 has them, of
 * 2026-09-23; platform.claude.com/docs/en/about-claude/pricing of 2026-09-26 for what a region adds.
 */
export const bedrockPrices: PriceList = {
  ...claude("claude-fable-5-1", "claude-fable-5-1"),
  ...claude("claude-fable-5", "claude-fable-5"),
  ...claude("claude-opus-5-5", "claude-opus-5-5"),
  ...claude("claude-opus-5", "claude-opus-5"),
  ...claude("claude-opus-4-8", "claude-opus-4-8"),
  ...claude("claude-opus-4-7", "claude-opus-4-7"),
  ...claude("claude-opus-4-6-v1", "claude-opus-4-6"),
  ...claude("claude-opus-4-5-20251101-v1:0", "claude-opus-4-5"),
  ...claude("claude-sonnet-5-5", "claude-sonnet-5-5"),
  ...claude("claude-sonnet-5", "claude-sonnet-5"),
  ...claude("claude-sonnet-4-6", "claude-sonnet-4-6"),
  ...claude("claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
  ...claude("claude-haiku-5-5", "claude-haiku-5-5"),
  ...claude("claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5"),

  ...olderClaude("claude-opus-4-1-20250805-v1:0", "claude-opus-4-1"),
  ...olderClaude("claude-sonnet-4-20250514-v1:0", "claude-sonnet-4-0"),
  ...olderClaude("claude-3-5-haiku-20241022-v1:0", "claude-3-5-haiku-20241022"),

  "global.amazon.nova-2-lite-v1:0": dollars(0.3, 2.5, 0.075),
  "us.amazon.nova-2-lite-v1:0": dollars(0.33, 2.75, 0.0825),
  "us.amazon.nova-premier-v1:0": dollars(2.5, 12.5, 0.625),
  "us.amazon.nova-pro-v1:0": dollars(0.8, 3.2, 0.2),
  "us.amazon.nova-lite-v1:0": dollars(0.06, 0.24, 0.015),
  "us.amazon.nova-micro-v1:0": dollars(0.035, 0.14, 0.00875),

  "us.meta.llama4-maverick-17b-instruct-v1:0": dollars(0.24, 0.97),
  "us.meta.llama4-scout-17b-instruct-v1:0": dollars(0.17, 0.66),
  "us.meta.llama3-3-70b-instruct-v1:0": dollars(0.72, 0.72),
  "us.meta.llama3-2-90b-instruct-v1:0": dollars(0.72, 0.72),
  "us.meta.llama3-2-11b-instruct-v1:0": dollars(0.16, 0.16),
  "us.meta.llama3-2-3b-instruct-v1:0": dollars(0.15, 0.15),
  "us.meta.llama3-2-1b-instruct-v1:0": dollars(0.1, 0.1),
  "us.meta.llama3-1-70b-instruct-v1:0": dollars(0.72, 0.72),
  "us.meta.llama3-1-8b-instruct-v1:0": dollars(0.22, 0.22),
};

/** A call names the model itself, for the region that is asked, or a profile of several regions. */
function regional(id: string): readonly string[] {
  return ["", "us.", "eu.", "apac.", "au.", "jp."].map((profile) => `${profile}anthropic.${id}`);
}

function claude(id: string, model: string): PriceList {
  const global = listed(model);
  const dearer: ModelPrice = {
    ...tenthMore(global),
    ...(global.longPrompt === undefined
      ? {}
      : { longPrompt: { aboveTokens: global.longPrompt.aboveTokens, ...tenthMore(global.longPrompt) } }),
  };
  return {
    [`global.anthropic.${id}`]: global,
    ...Object.fromEntries(regional(id).map((name) => [name, dearer])),
  };
}

function olderClaude(id: string, model: string): PriceList {
  const price = listed(model);
  return Object.fromEntries([...regional(id), `global.anthropic.${id}`].map((name) => [name, price]));
}

function tenthMore({ input, output, cacheRead, cacheWrite }: TokenRates): TokenRates {
  const more = (rate: number) => Math.ceil((rate * 11) / 10);
  return {
    input: more(input),
    output: more(output),
    cacheRead: more(cacheRead),
    cacheWrite: more(cacheWrite),
  };
}

function listed(model: string): ModelPrice {
  const price = anthropicPrices[model];
  if (price === undefined) throw new Error(`Anthropic's list has no ${model}`);
  return price;
}
