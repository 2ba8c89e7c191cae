import { decodeBase64url } from "./base64url.ts";

export type ParsedEncryptionKey =
  | { readonly ok: true; readonly key: Buffer }
  /** `message` says what is expected and never repeats what was given. */
  | { readonly ok: false; readonly message: string };

const HEX = /^[0-9a-fA-F]{64}$/;

/** Reads a 32-byte key from 64 hex digits or from base64 or base64url, padded or not. */
export function parseEncryptionKey(text: string): ParsedEncryptionKey {
  const trimmed = text.trim();
  if (HEX.test(trimmed)) return { ok: true, key: Buffer.from(trimmed, "hex") };

  const unpadded = trimmed.replace(/=$/, "").replaceAll("+", "-").replaceAll("/", "_");
  const key = decodeBase64url(unpadded);
  if (key?.length === 32) return { ok: true, key };
  return { ok: false, message: "An encryption key is 32 bytes, written as 64 hex digits or as base64" };
}

export type ParsedEncryptionKeys =
  | { readonly ok: true; readonly keys: readonly Buffer[] }
  | { readonly ok: false; readonly message: string };

/** Reads keys that are separated by commas; none from an empty text. */
export function parseEncryptionKeys(text: string): ParsedEncryptionKeys {
  const keys: Buffer[] = [];
  for (const part of text.split(",").filter((entry) => entry.trim() !== "")) {
    const parsed = parseEncryptionKey(part);
    if (!parsed.ok) return parsed;
    keys.push(parsed.key);
  }
  return { ok: true, keys };
}
