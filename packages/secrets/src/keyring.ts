import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { decodeBase64url } from "./base64url.ts";

/** A 32-byte AES key and the name under which envelopes refer to it: 1 to 32 letters, digits, "-" or "_". */
export interface EncryptionKey {
  readonly id: string;
  readonly key: Buffer;
}

export interface EncryptionKeys {
  /** Seals. */
  readonly current: EncryptionKey;
  /** Keys that still open what they once sealed. */
  readonly previous?: readonly EncryptionKey[];
}

export type Opened = { readonly ok: true; readonly value: string } | { readonly ok: false };

/** Encrypts secrets at rest with AES-256-GCM. */
export interface Keyring {
  /** What every envelope begins with that the current key sealed. */
  readonly currentPrefix: string;
  /**
   * `context` says where the envelope belongs, e.g. `environment:<workspaceId>:<NAME>`; it is authenticated but not
   * stored, so an envelope that was copied to another row does not open there.
   * Returns `v1.<keyId>.<iv>.<ciphertext>.<tag>`, the last three in base64url. Always sealed with the current key.
   */
  seal(plaintext: string, context: string): string;
  /** `ok: false` for anything but an untouched envelope of this context under a key of this ring. Never throws. */
  open(envelope: string, context: string): Opened;
}

const VERSION = "v1";
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;

/** Throws when a key has the wrong length, a malformed id, or an id that another key has. */
export function createKeyring({ current, previous = [] }: EncryptionKeys): Keyring {
  const byId = new Map<string, Buffer>();
  for (const { id, key } of [current, ...previous]) {
    if (!KEY_ID.test(id)) throw new Error("An encryption key's id is 1 to 32 letters, digits, '-' or '_'");
    if (key.length !== KEY_BYTES)
      throw new Error(`The encryption key "${id}" is not ${KEY_BYTES} bytes long`);
    if (byId.has(id)) throw new Error(`Two encryption keys have the id "${id}"`);
    byId.set(id, key);
  }

  return {
    currentPrefix: `${VERSION}.${current.id}.`,

    seal(plaintext, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", current.key, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(associatedData(current.id, context));
      const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
      const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString("base64url"));
      return [VERSION, current.id, ...parts].join(".");
    },

    open(envelope, context) {
      const [version, keyId, ivText, ciphertextText, tagText, ...rest] = envelope.split(".");
      if (version !== VERSION || keyId === undefined || rest.length > 0) return { ok: false };
      const key = byId.get(keyId);
      const iv = decodeBase64url(ivText);
      const ciphertext = decodeBase64url(ciphertextText);
      const tag = decodeBase64url(tagText);
      if (key === undefined || iv === null || ciphertext === null || tag === null) return { ok: false };
      if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) return { ok: false };

      const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(associatedData(keyId, context));
      decipher.setAuthTag(tag);
      try {
        const value = Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString("utf8");
        return { ok: true, value };
      } catch {
        // GCM reports a wrong tag by throwing from final().
        return { ok: false };
      }
    },
  };
}

/** The id holds no dot, so the first dot after it ends it and no two pairs share an encoding. */
function associatedData(keyId: string, context: string): Buffer {
  return Buffer.from(`${VERSION}.${keyId}.${context}`, "utf8");
}
