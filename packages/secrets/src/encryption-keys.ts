import { createHash } from "node:crypto";
import type { EncryptionKey, EncryptionKeys } from "./keyring.ts";

/**
 * Master keys under the names that envelopes know them by. A key that is given twice counts once: while keys are being
 * exchanged, an operator may well name the current one among the previous ones, too.
 */
export function encryptionKeys(current: Buffer, previous: readonly Buffer[]): Required<EncryptionKeys> {
  const others = previous.filter(
    (key, at) => !key.equals(current) && previous.findIndex((other) => other.equals(key)) === at,
  );
  return { current: named(current), previous: others.map(named) };
}

function named(key: Buffer): EncryptionKey {
  return { id: idOf(key), key };
}

/**
 * The beginning of the key's SHA-256. Written into every envelope, so it is never computed otherwise. It tells nothing
 * of 32 random bytes, and of a guessable key no more than any envelope does.
 */
function idOf(key: Buffer): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 8);
}
