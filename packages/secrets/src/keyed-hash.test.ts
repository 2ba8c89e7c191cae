import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprint, keyedHash } from "./keyed-hash.ts";

const key = randomBytes(32);
const parts = fc.array(fc.option(fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 4 });

describe("keyedHash", () => {
  test("two lists have the same hash only when they are the same list", () => {
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        const same = JSON.stringify(left) === JSON.stringify(right);
        expect(keyedHash(key, left) === keyedHash(key, right)).toBe(same);
      }),
    );
  });

  test("null, the empty string and an absent part differ, and text does not move between parts", () => {
    const lists = [
      [],
      [null],
      [""],
      [null, null],
      ["", ""],
      [null, ""],
      ["ab", "c"],
      ["a", "bc"],
      ["abc"],
      ["c", "ab"],
    ];
    const hashes = lists.map((list) => keyedHash(key, list));
    expect(new Set(hashes).size).toBe(lists.length);
  });

  test("lone surrogates, which UTF-8 cannot tell apart, still differ", () => {
    expect(keyedHash(key, ["\ud800"])).not.toBe(keyedHash(key, ["\ud801"]));
  });

  test("another key gives another hash", () => {
    expect(keyedHash(randomBytes(32), ["secret"])).not.toBe(keyedHash(key, ["secret"]));
  });

  test("is the same in every process: a fixed key and list give a fixed hash", () => {
    expect(keyedHash(Buffer.alloc(32, 7), ["anthropic", null, "sk-1"])).toBe(
      "f017dafbeaceb121b4b8b3870098386d9d1c16f0d4a7eac7ad3791998b12a9ed",
    );
  });
});

test("a fingerprint is 64 hex digits and does not hold the secret", () => {
  expect(fingerprint("secret", key)).toMatch(/^[0-9a-f]{64}$/);
  expect(fingerprint("secret", key)).toBe(fingerprint("secret", key));
  expect(fingerprint("secret", key)).not.toBe(fingerprint("secret ", key));
});
