import type { JsonValue } from "@gantry/workflow";

export type SealResult =
  /** `chars`: about the length of its JSON text. */
  | { readonly ok: true; readonly value: JsonValue; readonly chars: number }
  | { readonly ok: false; readonly reason: "too_large" | "too_deep" | "not_json" };

/**
 * A deep-frozen copy of `value` as JSON would carry it: undefined members are dropped, undefined items and numbers that
 * JSON cannot write become null. Outputs are sealed once and then shared by blocks and events, so that neither a
 * consumer nor a later block can change what a block produced.
 */
export function sealJson(value: unknown, limits: { charsMax: number; depthMax: number }): SealResult {
  let chars = 0;
  let reason: "too_large" | "too_deep" | "not_json" | null = null;

  function refuse(why: "too_large" | "too_deep" | "not_json"): null {
    reason ??= why;
    return null;
  }

  function copy(from: unknown, depth: number): JsonValue {
    if (reason !== null) return null;
    if (depth > limits.depthMax) return refuse("too_deep");
    chars += 2;
    if (chars > limits.charsMax) return refuse("too_large");
    if (from === null || from === undefined || typeof from === "boolean") return from ?? null;
    if (typeof from === "number") return Number.isFinite(from) ? from : null;
    if (typeof from === "string") {
      chars += from.length;
      return chars > limits.charsMax ? refuse("too_large") : from;
    }
    if (Array.isArray(from)) {
      const items: JsonValue[] = [];
      for (const item of from) {
        if (reason !== null) return null;
        items.push(copy(item, depth + 1));
      }
      Object.freeze(items);
      return items;
    }
    if (typeof from !== "object") return refuse("not_json");
    const entries: [string, JsonValue][] = [];
    for (const [key, member] of Object.entries(from)) {
      if (reason !== null) return null;
      if (member === undefined) continue;
      chars += key.length + 3;
      entries.push([key, copy(member, depth + 1)]);
    }
    // `fromEntries` defines own members; an assignment to `__proto__` would not.
    const object = Object.fromEntries(entries);
    Object.freeze(object);
    return object;
  }

  const sealed = copy(value, 0);
  return reason === null ? { ok: true, value: sealed, chars } : { ok: false, reason };
}

/** About the length of the value's JSON text; stops counting beyond `max`. */
export function jsonChars(value: JsonValue, max: number): number {
  let chars = 0;
  const open: JsonValue[] = [value];
  while (chars <= max) {
    const next = open.pop();
    if (next === undefined) break;
    chars += 2;
    if (typeof next === "string") chars += next.length;
    else if (Array.isArray(next)) for (const item of next) open.push(item);
    else if (typeof next === "object" && next !== null) {
      for (const [key, member] of Object.entries(next)) {
        chars += key.length + 3;
        open.push(member);
      }
    }
  }
  return chars;
}
