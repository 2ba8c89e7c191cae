/**
 * Freezes a tree of plain objects and arrays, and returns it. The tree must not contain itself. Already frozen parts are
 * walked too: a frozen object may hold one that is not.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    for (const part of Object.values(value)) {
      deepFreeze(part);
    }
  }
  return value;
}
