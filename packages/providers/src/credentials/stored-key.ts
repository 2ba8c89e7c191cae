import type { KeySource, ProviderCredential, ProviderId } from "../port.ts";
import { type NewProviderKey, newProviderKey } from "./new-provider-key.ts";

/** What is encrypted and kept of a key: JSON that `readStoredKey` reads. */
export function sealedText(key: NewProviderKey): string {
  return JSON.stringify(key);
}

/**
 * The credential that a kept text stands for. Judged like a form: what does not hold as a key of this provider is not
 * one. A text that is no JSON object is an Anthropic API key that an earlier release stored.
 */
export function readStoredKey(
  provider: ProviderId,
  text: string,
  source: Exclude<KeySource, "platform">,
): { readonly ok: true; readonly credential: ProviderCredential } | { readonly ok: false } {
  if (!text.startsWith("{")) {
    return provider === "anthropic" && text !== ""
      ? { ok: true, credential: { provider, apiKey: text, source } }
      : { ok: false };
  }
  const parsed = newProviderKey.safeParse(jsonOf(text));
  if (!parsed.success || parsed.data.provider !== provider) return { ok: false };
  return { ok: true, credential: credentialOf(parsed.data, source) };
}

function credentialOf(key: NewProviderKey, source: KeySource): ProviderCredential {
  if (key.provider !== "bedrock") return { ...key, source };
  const { provider, region, ...keys } = key;
  return { provider, region, identity: { kind: "keys", ...keys }, source };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
