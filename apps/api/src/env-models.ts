import type { PlatformKeys } from "@gantry/execution";
import { isRegion } from "@gantry/providers/credentials";
import { z } from "zod";
import { urlVariable } from "./env-url.ts";

const key = z
  .string()
  .trim()
  // It travels in a header.
  .regex(/^[\x21-\x7e]*$/, "must be printable ASCII without spaces")
  .optional();
const address = urlVariable("http:", "https:").optional();

export const modelVariables = {
  ANTHROPIC_API_KEY: key,
  ANTHROPIC_BASE_URL: address,
  AZURE_ANTHROPIC_API_KEY: key,
  AZURE_ANTHROPIC_BASE_URL: address,
  BEDROCK_REGION: z.string().trim().refine(isRegion, "must be a region of AWS, such as us-east-1").optional(),
  BEDROCK_DEFAULT_CHAIN: z.enum(["0", "1"], "must be 1 or 0").default("0"),
  AWS_ACCESS_KEY_ID: key,
  AWS_SECRET_ACCESS_KEY: key,
  AWS_SESSION_TOKEN: key,
  VLLM_BASE_URL: address,
  VLLM_API_KEY: key,
  OPENAI_API_KEY: key,
  OPENAI_BASE_URL: address,
  GROQ_API_KEY: key,
  CEREBRAS_API_KEY: key,
  GEMINI_API_KEY: key,
};

type Models = z.infer<z.ZodObject<typeof modelVariables>>;

const source = "platform";
const at = (baseUrl: string | undefined) => (baseUrl === undefined ? {} : { baseUrl });

/** The installation's own keys. Null where it has none at all. */
export function platformKeysOf(parsed: Models): PlatformKeys | null {
  const keys = {
    anthropic: anthropicOf(parsed),
    "azure-anthropic": azureOf(parsed),
    bedrock: bedrockOf(parsed),
    vllm: vllmOf(parsed),
    openai: openaiOf(parsed),
    groq: keyed("groq", parsed.GROQ_API_KEY),
    cerebras: keyed("cerebras", parsed.CEREBRAS_API_KEY),
    google: keyed("google", parsed.GEMINI_API_KEY),
  } satisfies PlatformKeys;
  return Object.values(keys).some((one) => one !== undefined) ? keys : null;
}

function anthropicOf({ ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: url }: Models) {
  return apiKey === undefined ? undefined : ({ provider: "anthropic", apiKey, ...at(url), source } as const);
}

function azureOf({ AZURE_ANTHROPIC_API_KEY: apiKey, AZURE_ANTHROPIC_BASE_URL: baseUrl }: Models) {
  if (apiKey === undefined || baseUrl === undefined) return undefined;
  return { provider: "azure-anthropic", apiKey, baseUrl, source } as const;
}

function bedrockOf(parsed: Models) {
  const { BEDROCK_REGION: region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SESSION_TOKEN: sessionToken } = parsed;
  const secretAccessKey = parsed.AWS_SECRET_ACCESS_KEY;
  if (region === undefined) return undefined;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    return { provider: "bedrock", region, identity: { kind: "default_chain" }, source } as const;
  }
  const token = sessionToken === undefined ? {} : { sessionToken };
  const identity = { kind: "keys", accessKeyId, secretAccessKey, ...token } as const;
  return { provider: "bedrock", region, identity, source } as const;
}

function vllmOf({ VLLM_BASE_URL: baseUrl, VLLM_API_KEY: apiKey }: Models) {
  if (baseUrl === undefined) return undefined;
  return { provider: "vllm", apiKey: apiKey ?? null, baseUrl, source } as const;
}

function openaiOf({ OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: url }: Models) {
  return apiKey === undefined ? undefined : ({ provider: "openai", apiKey, ...at(url), source } as const);
}

function keyed<Provider extends string>(provider: Provider, apiKey: string | undefined) {
  return apiKey === undefined ? undefined : ({ provider, apiKey, source } as const);
}

/**
 * One sentence for each variable that has to be set beside another. Those that tools of others read as well
 * (`ANTHROPIC_BASE_URL`, `OPENAI_BASE_URL`, `AWS_...`) may be there for them and ask for nothing.
 */
export function missingForModels(set: Readonly<Record<string, unknown>>): string[] {
  const needs: [variable: string, needed: string][] = [
    ["AZURE_ANTHROPIC_API_KEY", "AZURE_ANTHROPIC_BASE_URL"],
    ["AZURE_ANTHROPIC_BASE_URL", "AZURE_ANTHROPIC_API_KEY"],
    ["VLLM_API_KEY", "VLLM_BASE_URL"],
  ];
  const byChain = set["BEDROCK_DEFAULT_CHAIN"] === "1";
  if (byChain) needs.push(["BEDROCK_DEFAULT_CHAIN", "BEDROCK_REGION"]);
  else needs.push(["BEDROCK_REGION", "AWS_ACCESS_KEY_ID"], ["BEDROCK_REGION", "AWS_SECRET_ACCESS_KEY"]);
  return needs
    .filter(([variable, needed]) => set[variable] !== undefined && set[needed] === undefined)
    .map(([variable, needed]) =>
      variable === "BEDROCK_REGION"
        ? `${needed} must be set with ${variable}, or BEDROCK_DEFAULT_CHAIN to 1 for the role or profile of this process.`
        : `${needed} must be set with ${variable}.`,
    );
}
