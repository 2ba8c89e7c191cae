import { describe, expect, test } from "vitest";
import { parseEnv } from "./env.ts";

function keysOf(source: Record<string, string>) {
  const parsed = parseEnv(source);
  if (!parsed.ok) throw new Error(parsed.problems.join(" "));
  const { platformKeys } = parsed.env;
  if (platformKeys === null) return null;
  return Object.fromEntries(Object.entries(platformKeys).filter(([, key]) => key !== undefined));
}

function problemsOf(source: Record<string, string>): readonly string[] {
  const parsed = parseEnv(source);
  return parsed.ok ? [] : parsed.problems;
}

const source = "platform";
const awsKeys = { AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY: "secret" };

describe("the installation's own keys", () => {
  test("are those of the providers that are set up, and of no other", () => {
    const set = {
      ANTHROPIC_API_KEY: "sk-ant",
      ANTHROPIC_BASE_URL: "https://anthropic.example",
      AZURE_ANTHROPIC_API_KEY: "azure",
      AZURE_ANTHROPIC_BASE_URL: "https://ours.services.ai.azure.com/anthropic",
      BEDROCK_REGION: "eu-central-1",
      ...awsKeys,
      AWS_SESSION_TOKEN: "token",
      VLLM_BASE_URL: "http://gpu.internal:8000/v1",
      VLLM_API_KEY: "vllm",
      OPENAI_API_KEY: "sk-openai",
      OPENAI_BASE_URL: "https://router.example/v1",
      GROQ_API_KEY: "gsk",
      CEREBRAS_API_KEY: "csk",
      GEMINI_API_KEY: "AIza",
    };
    expect(keysOf(set)).toEqual({
      anthropic: { provider: "anthropic", apiKey: "sk-ant", baseUrl: "https://anthropic.example", source },
      "azure-anthropic": {
        provider: "azure-anthropic",
        apiKey: "azure",
        baseUrl: "https://ours.services.ai.azure.com/anthropic",
        source,
      },
      bedrock: {
        provider: "bedrock",
        region: "eu-central-1",
        identity: { kind: "keys", accessKeyId: "AKIA1", secretAccessKey: "secret", sessionToken: "token" },
        source,
      },
      vllm: { provider: "vllm", apiKey: "vllm", baseUrl: "http://gpu.internal:8000/v1", source },
      openai: { provider: "openai", apiKey: "sk-openai", baseUrl: "https://router.example/v1", source },
      groq: { provider: "groq", apiKey: "gsk", source },
      cerebras: { provider: "cerebras", apiKey: "csk", source },
      google: { provider: "google", apiKey: "AIza", source },
    });
    expect(keysOf({ GROQ_API_KEY: "gsk" })).toEqual({ groq: { provider: "groq", apiKey: "gsk", source } });
  });

  test("of a server that asks for none is an address alone, and Bedrock's may be those of the process's role", () => {
    expect(keysOf({ VLLM_BASE_URL: "http://127.0.0.1:8000/v1" })).toEqual({
      vllm: { provider: "vllm", apiKey: null, baseUrl: "http://127.0.0.1:8000/v1", source },
    });
    expect(keysOf({ BEDROCK_REGION: "us-east-1", BEDROCK_DEFAULT_CHAIN: "1" })).toEqual({
      bedrock: { provider: "bedrock", region: "us-east-1", identity: { kind: "default_chain" }, source },
    });
  });

  test("that are there for other tools set up nothing and ask for nothing", () => {
    const ambient = {
      ...awsKeys,
      AWS_SESSION_TOKEN: "token",
      ANTHROPIC_BASE_URL: "https://proxy.example",
      OPENAI_BASE_URL: "https://proxy.example",
    };
    expect(keysOf(ambient)).toBeNull();
  });

  test("that lack a part are told by the name of what is missing, all at once", () => {
    expect(
      problemsOf({ AZURE_ANTHROPIC_API_KEY: "key", VLLM_API_KEY: "key", BEDROCK_REGION: "us-east-1" }),
    ).toEqual([
      "AZURE_ANTHROPIC_BASE_URL must be set with AZURE_ANTHROPIC_API_KEY.",
      "VLLM_BASE_URL must be set with VLLM_API_KEY.",
      "AWS_ACCESS_KEY_ID must be set with BEDROCK_REGION, or BEDROCK_DEFAULT_CHAIN to 1 for the role or profile of this process.",
      "AWS_SECRET_ACCESS_KEY must be set with BEDROCK_REGION, or BEDROCK_DEFAULT_CHAIN to 1 for the role or profile of this process.",
    ]);
    expect(problemsOf({ BEDROCK_DEFAULT_CHAIN: "1" })).toEqual([
      "BEDROCK_REGION must be set with BEDROCK_DEFAULT_CHAIN.",
    ]);
    expect(problemsOf({ BEDROCK_REGION: "us-east-1@evil.example/", ...awsKeys })).toEqual([
      "BEDROCK_REGION must be a region of AWS, such as us-east-1.",
    ]);
  });
});
