import { LRUCache } from "lru-cache";
import type { SealedProviderKey } from "../admission/facts.ts";
import { cacheBounds } from "../caches.ts";

/** Whose turn it is among several keys for one provider: each model call takes the next one. */
export interface KeyRotation {
  /**
   * Takes a turn. `keys` are those that one owner has for one provider, in any order. Undefined when there is none.
   *
   * The next key is the one with the smallest id above that of the last key used, and after the greatest the smallest
   * again. So a key that is added or revoked between two calls neither repeats nor skips the turn of another.
   */
  next(keys: readonly SealedProviderKey[]): SealedProviderKey | undefined;
}

/** Remembers in this process only: several processes take turns each on their own. */
export function createKeyRotation(bounds: { entriesMax: number } = cacheBounds.keyRotation): KeyRotation {
  const lastUsed = new LRUCache<string, string>({ max: bounds.entriesMax });
  return {
    next(keys) {
      const [first] = keys;
      if (first === undefined) return undefined;
      const turn = `${first.provider}|${first.ownerId}`;
      const last = lastUsed.get(turn) ?? "";
      const key = smallest(keys.filter(({ id }) => id > last)) ?? smallest(keys);
      if (key !== undefined) lastUsed.set(turn, key.id);
      return key;
    },
  };
}

function smallest(keys: readonly SealedProviderKey[]): SealedProviderKey | undefined {
  return keys.reduce<SealedProviderKey | undefined>(
    (least, key) => (least === undefined || key.id < least.id ? key : least),
    undefined,
  );
}
