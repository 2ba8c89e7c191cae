import { createHmac } from "node:crypto";

const ABSENT = 0;
const PRESENT = 1;

/**
 * HMAC-SHA-256 in hex over an encoding that no two lists of parts share: null and "" differ, and so do ["ab", "c"] and
 * ["a", "bc"]. The digest may be kept and compared where the parts themselves must not be seen.
 */
export function keyedHash(key: Buffer, parts: readonly (string | null)[]): string {
  const hmac = createHmac("sha256", key);
  for (const part of parts) {
    if (part === null) {
      hmac.update(Buffer.of(ABSENT));
      continue;
    }
    // UTF-16, because UTF-8 maps every lone surrogate to the same replacement character.
    const bytes = Buffer.from(part, "utf16le");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(Buffer.of(PRESENT)).update(length).update(bytes);
  }
  return hmac.digest("hex");
}

/** What tells two secrets apart without holding either: `keyedHash` of one part. */
export function fingerprint(secret: string, key: Buffer): string {
  return keyedHash(key, [secret]);
}
