import type { JsonValue } from "./definition.ts";

/** One place in a value that JSON cannot carry. */
export interface JsonFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type ReadJson =
  | { readonly ok: true; readonly value: JsonValue }
  /** `value` is what could be read: the faulty places are left out. */
  | { readonly ok: false; readonly value: JsonValue | undefined; readonly faults: readonly JsonFault[] };

/** Deeper than any sensible document, shallow enough for every recursion over it. */
const depthMax = 100;

/**
 * A fresh copy of a value as plain JSON data. Properties that are `undefined` are absent, as in `JSON.stringify`.
 *
 * Refused, each with its path: what JSON cannot carry (functions, dates, NaN, ...), more than 100 levels of nesting
 * (which also catches a value that contains itself), and the key `__proto__`, which many libraries drop in silence.
 */
export function readJson(value: unknown): ReadJson {
  const faults: JsonFault[] = [];
  const path: (string | number)[] = [];
  let tooDeep = false;

  function fault(message: string): undefined {
    faults.push({ path: [...path], message });
    return undefined;
  }

  function copy(part: unknown): JsonValue | undefined {
    if (tooDeep) {
      // One value that contains itself twice has 2^100 places: the first place that is too deep ends the reading.
      return undefined;
    }
    if (typeof part === "string" || typeof part === "boolean" || part === null) {
      return part;
    }
    if (typeof part === "number") {
      return Number.isFinite(part) ? part : fault("must be a finite number.");
    }
    if (typeof part !== "object") {
      return fault(`must be JSON data, not ${describe(part)}.`);
    }
    if (path.length >= depthMax) {
      tooDeep = true;
      return fault(`must not be nested deeper than ${depthMax} levels.`);
    }
    if (Array.isArray(part)) {
      const items: JsonValue[] = [];
      for (let index = 0; index < part.length; index += 1) {
        path.push(index);
        // A faulty item leaves null behind, so that the items after it keep their index.
        items.push(copy(part[index]) ?? null);
        path.pop();
      }
      return items;
    }
    if (Object.prototype.toString.call(part) !== "[object Object]") {
      return fault(`must be JSON data, not ${describe(part)}.`);
    }
    const copied: { [key: string]: JsonValue } = {};
    for (const [key, item] of Object.entries(part)) {
      if (item === undefined) {
        continue;
      }
      path.push(key);
      if (key === "__proto__") {
        fault("must not be used as a key.");
      } else {
        const itemCopy = copy(item);
        if (itemCopy !== undefined) {
          copied[key] = itemCopy;
        }
      }
      path.pop();
    }
    return copied;
  }

  const copied = copy(value);
  return faults.length === 0 && copied !== undefined
    ? { ok: true, value: copied }
    : { ok: false, value: copied, faults };
}

/** `a string`, `an array`, `nothing`: how a sentence calls a value. */
export function describe(value: unknown): string {
  if (value === undefined) {
    return "nothing";
  }
  if (value === null) {
    return "null";
  }
  if (Array.isArray(value)) {
    return "an array";
  }
  if (typeof value === "object") {
    const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
    return kind === "Object" ? "an object" : `a ${kind}`;
  }
  return `a ${typeof value}`;
}
