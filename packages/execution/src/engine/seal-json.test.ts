import { describe, expect, test } from "vitest";
import { jsonChars, sealJson } from "./seal-json.ts";

const limits = { charsMax: 1_000, depthMax: 10 };

describe("sealing a value", () => {
  test("gives a deep-frozen copy with what JSON would keep", () => {
    const inner = { list: [1, undefined, Number.NaN], gone: undefined };
    const sealed = sealJson({ inner }, limits);
    expect(sealed).toMatchObject({ ok: true, value: { inner: { list: [1, null, null] } } });
    inner.list.push(2);
    if (!sealed.ok) throw new Error(sealed.reason);
    expect(JSON.stringify(sealed.value)).toBe('{"inner":{"list":[1,null,null]}}');
    expect(Object.isFrozen(Object.values(sealed.value ?? {})[0])).toBe(true);
  });

  test("refuses what is too large, too deep, contains itself or is not JSON", () => {
    const round: Record<string, unknown> = {};
    round["self"] = round;
    expect(sealJson("x".repeat(1_000), limits)).toEqual({ ok: false, reason: "too_large" });
    expect(sealJson(Array(600).fill(null), limits)).toEqual({ ok: false, reason: "too_large" });
    expect(sealJson(round, limits)).toEqual({ ok: false, reason: "too_deep" });
    expect(sealJson({ f: () => 1 }, limits)).toEqual({ ok: false, reason: "not_json" });
  });

  test("keeps a member called __proto__ a member", () => {
    const sealed = sealJson(JSON.parse('{"__proto__":{"polluted":true}}'), limits);
    expect(sealed.ok && JSON.stringify(sealed.value)).toBe('{"__proto__":{"polluted":true}}');
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  test("counting stops soon after the bound", () => {
    expect(jsonChars({ a: "xx", b: [1, null] }, 1_000)).toBe(2 + 4 + 4 + 4 + 2 + 2 + 2);
    expect(jsonChars(["x".repeat(50), "y".repeat(500)], 100)).toBeGreaterThan(100);
  });
});
