/** What a model on Bedrock is known to take; the service refuses a request that asks more of it. */
export interface ModelFeatures {
  /** `outputConfig.textFormat`: an answer that keeps to a JSON schema. */
  readonly structuredOutput: boolean;
  /** `cachePoint` in the system prompt and in messages. */
  readonly cachePoints: boolean;
  /** A result that says that its tool failed. */
  readonly toolResultStatus: boolean;
}

/**
 * Source: "Structured output", "Prompt caching" and `ToolResultBlock` in Amazon Bedrock's user guide and API reference,
 * read on 2026-11-24. Claude before 4.5 has no structured output, before 3.7 no prompt cache. Of other vendors only those
 * all of whose models here have structured output are named. An application inference profile does not tell its model:
 * it is asked for nothing special.
 */
export function featuresOf(modelId: string): ModelFeatures {
  const model = nameOf(modelId);
  const claude = model.startsWith("anthropic.claude-");
  const beforeClaude4 = /^anthropic\.claude-(?:v2|instant|3-)/.test(model);
  const beforeClaude45 = beforeClaude4 || /^anthropic\.claude-(?:sonnet|opus)-4-(?:1-)?\d{8}/.test(model);
  return {
    structuredOutput: claude ? !beforeClaude45 : openWeights.some((vendor) => model.startsWith(vendor)),
    cachePoints: claude && (!beforeClaude4 || /-3-7-sonnet-|-3-5-haiku-/.test(model)),
    toolResultStatus: claude || model.startsWith("amazon.nova-"),
  };
}

const openWeights = [
  "qwen.qwen3-",
  "openai.gpt-oss-",
  "google.gemma-3-",
  "minimax.",
  "moonshot",
  "nvidia.nemotron-",
];

/** `anthropic.claude-...` of that id itself, of an inference profile `eu.anthropic.claude-...`, and of the ARN of either. */
function nameOf(modelId: string): string {
  const id = modelId.slice(modelId.lastIndexOf("/") + 1);
  return id.replace(/^(?:us|us-gov|eu|apac|au|ca|jp|global)\./, "");
}
