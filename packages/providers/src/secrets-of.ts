import type { ProviderCredential } from "./port.ts";

/** The parts of a credential that nobody may see: for redaction, and to tell keys apart by a hash of them. */
export function secretsOf(credential: ProviderCredential): readonly string[] {
  switch (credential.provider) {
    case "bedrock": {
      const { identity } = credential;
      if (identity.kind === "default_chain") return [];
      const { secretAccessKey, sessionToken } = identity;
      return sessionToken === undefined ? [secretAccessKey] : [secretAccessKey, sessionToken];
    }
    case "vllm":
      return credential.apiKey === null ? [] : [credential.apiKey];
    case "anthropic":
    case "azure-anthropic":
    case "openai":
    case "groq":
    case "cerebras":
    case "google":
      return [credential.apiKey];
  }
}
