import { expect, test } from "vitest";
import { featuresOf } from "./model-features.ts";

const sonnet = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const profile = "arn:aws:bedrock:eu-central-1:123456789012:inference-profile";
const application = "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abc123";

test.each([
  [sonnet, { structuredOutput: true, cachePoints: true, toolResultStatus: true }],
  [`global.${sonnet}`, { structuredOutput: true, cachePoints: true, toolResultStatus: true }],
  [`${profile}/eu.${sonnet}`, { structuredOutput: true, cachePoints: true, toolResultStatus: true }],
  ["anthropic.claude-opus-5", { structuredOutput: true, cachePoints: true, toolResultStatus: true }],
  [
    "us.anthropic.claude-sonnet-4-20250514-v1:0",
    { structuredOutput: false, cachePoints: true, toolResultStatus: true },
  ],
  [
    "us.anthropic.claude-opus-4-1-20250805-v1:0",
    { structuredOutput: false, cachePoints: true, toolResultStatus: true },
  ],
  [
    "anthropic.claude-3-haiku-20240307-v1:0",
    { structuredOutput: false, cachePoints: false, toolResultStatus: true },
  ],
  [
    "us.anthropic.claude-3-7-sonnet-20250219-v1:0",
    { structuredOutput: false, cachePoints: true, toolResultStatus: true },
  ],
  ["eu.amazon.nova-lite-v1:0", { structuredOutput: false, cachePoints: false, toolResultStatus: true }],
  ["openai.gpt-oss-120b-1:0", { structuredOutput: true, cachePoints: false, toolResultStatus: false }],
  [
    "us.meta.llama3-3-70b-instruct-v1:0",
    { structuredOutput: false, cachePoints: false, toolResultStatus: false },
  ],
  [application, { structuredOutput: false, cachePoints: false, toolResultStatus: false }],
])("%s is asked for what it is known to take and nothing else", (modelId, features) => {
  expect(featuresOf(modelId)).toEqual(features);
});
