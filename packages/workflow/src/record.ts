/** A record without a prototype: a key such as `constructor` or `__proto__` is a key like any other, or absent. */
export function recordOf<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.setPrototypeOf(Object.fromEntries(entries), null);
}
