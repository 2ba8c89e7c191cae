/** Chance that can be repeated: the same seed gives the same choices. */
export interface Chance {
  /** True with this probability. */
  odds(probability: number): boolean;
  /** A whole number, both ends included. */
  between(min: number, max: number): number;
  pick<T>(from: readonly T[]): T;
  /** A key of the table, each as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  // mulberry32 (public domain): 32 bits of state are plenty for some thousand choices.
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  function between(min: number, max: number): number {
    return min + Math.floor(next() * (max - min + 1));
  }

  function pick<T>(from: readonly T[]): T {
    const picked = from.slice(between(0, from.length - 1))[0];
    if (picked === undefined) throw new Error("There is nothing to pick from.");
    return picked;
  }

  function weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const keys: K[] = [];
    for (const key in weights) keys.push(...Array.from({ length: weights[key] }, () => key));
    return pick(keys);
  }

  return { odds: (probability) => next() < probability, between, pick, weighted };
}
