import type { NewProviderKey, ProviderId } from "../../api/types.ts";
import { textOf } from "../../ui/form.tsx";

export interface KeyFieldSpec {
  /** As the key that is sent calls it. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly isSecret?: boolean;
  readonly isOptional?: boolean;
}

const apiKey: KeyFieldSpec = { name: "apiKey", label: "API key", isSecret: true };
const betas: KeyFieldSpec = {
  name: "betas",
  label: "Beta features",
  hint: "Sent with every call; several are separated by commas, such as context-1m-2025-08-07.",
  isOptional: true,
};

const privateAddresses = "Private addresses and plain http work only where the operator allows them.";

/** What a key of each provider is made of. */
export const keyFields: Readonly<Record<ProviderId, readonly KeyFieldSpec[]>> = {
  anthropic: [apiKey, betas],
  "azure-anthropic": [
    apiKey,
    {
      name: "baseUrl",
      label: "Base URL",
      hint: "Of your resource, such as https://ours.services.ai.azure.com/anthropic.",
    },
    {
      name: "apiVersion",
      label: "API version",
      hint: "The anthropic-version of the deployment, such as 2023-06-01.",
      isOptional: true,
    },
    betas,
  ],
  bedrock: [
    { name: "region", label: "Region", hint: "The AWS region, such as us-east-1." },
    { name: "accessKeyId", label: "Access key id" },
    { name: "secretAccessKey", label: "Secret access key", isSecret: true },
    {
      name: "sessionToken",
      label: "Session token",
      hint: "Only with temporary credentials, whose access key id begins with ASIA. Calls fail when it has run out.",
      isSecret: true,
      isOptional: true,
    },
  ],
  vllm: [
    {
      name: "baseUrl",
      label: "Base URL",
      hint: `Of your server, /v1 included, such as https://gpu.example.com/v1. ${privateAddresses}`,
    },
    { ...apiKey, hint: "Empty where the server asks for none.", isOptional: true },
  ],
  openai: [
    apiKey,
    {
      name: "baseUrl",
      label: "Base URL",
      hint: `Empty for OpenAI itself. Of another server that speaks its chat completions, /v1 included. ${privateAddresses}`,
      isOptional: true,
    },
  ],
  groq: [apiKey],
  cerebras: [apiKey],
  google: [{ ...apiKey, hint: "A key of the Gemini API." }],
};

/** The key that a form of these fields holds. What is optional and empty is left out. */
export function keyFrom(provider: ProviderId, data: FormData): NewProviderKey {
  const given = (name: string) => textOf(data, name);
  const optional = (name: string) => {
    const text = given(name);
    return text === "" ? {} : { [name]: text };
  };
  switch (provider) {
    case "anthropic":
      return { provider, apiKey: given("apiKey"), ...betasOf(data) };
    case "azure-anthropic":
      return {
        provider,
        apiKey: given("apiKey"),
        baseUrl: given("baseUrl"),
        ...optional("apiVersion"),
        ...betasOf(data),
      };
    case "bedrock":
      return {
        provider,
        region: given("region"),
        accessKeyId: given("accessKeyId"),
        secretAccessKey: given("secretAccessKey"),
        ...optional("sessionToken"),
      };
    case "vllm":
      return { provider, apiKey: given("apiKey") || null, baseUrl: given("baseUrl") };
    case "openai":
      return { provider, apiKey: given("apiKey"), ...optional("baseUrl") };
    case "groq":
    case "cerebras":
    case "google":
      return { provider, apiKey: given("apiKey") };
  }
}

function betasOf(data: FormData): { betas?: string[] } {
  const betas = textOf(data, "betas")
    .split(/[\s,]+/)
    .filter((beta) => beta !== "");
  return betas.length === 0 ? {} : { betas };
}
