import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKeyring } from "./keyring.ts";

const current = { id: "k2", key: randomBytes(32) };
const previous = { id: "k1", key: randomBytes(32) };
const keyring = createKeyring({ current, previous: [previous] });
const wellFormed = fc.string({ unit: "grapheme" });

describe("keyring", () => {
  test("opens what it sealed, for every text and context", () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, (plaintext, context) => {
        expect(keyring.open(keyring.seal(plaintext, context), context)).toEqual({
          ok: true,
          value: plaintext,
        });
      }),
    );
  });

  test("an envelope moved to another context does not open", () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, (context, other) => {
        fc.pre(context !== other);
        expect(keyring.open(keyring.seal("secret", context), other)).toEqual({ ok: false });
      }),
    );
  });

  test("changing any single character of an envelope makes it unreadable", () => {
    const context = "environment:w1:TOKEN";
    const envelope = keyring.seal("sk-ant-secret", context);
    const changed = Array.from(envelope, (_, index) =>
      ["A", "B", "-", ".", "=", "é"].map(
        (text) => envelope.slice(0, index) + text + envelope.slice(index + 1),
      ),
    ).flat();
    expect(changed.filter((text) => text !== envelope && keyring.open(text, context).ok)).toEqual([]);
  });

  test("parts of two envelopes cannot be combined", () => {
    const first = keyring.seal("first", "c").split(".");
    const second = keyring.seal("second", "c").split(".");
    for (const part of [2, 3, 4]) {
      const mixed = first.map((text, index) => (index === part ? second[index] : text)).join(".");
      expect(keyring.open(mixed, "c")).toEqual({ ok: false });
    }
  });

  test("an arbitrary text is no envelope and does not throw", () => {
    fc.assert(fc.property(fc.string(), (text) => !keyring.open(text, "c").ok));
    for (const text of [
      "",
      ".",
      "v1.k2...",
      "v1.k2.AAAAAAAAAAAAAAAA..",
      "v1.k2.a.b.c.d",
      "v1.__proto__.a.b.c",
    ]) {
      expect(keyring.open(text, "c")).toEqual({ ok: false });
    }
  });

  test("a shortened tag is refused", () => {
    const [version, id, iv, ciphertext, tag = ""] = keyring.seal("secret", "c").split(".");
    const short = Buffer.from(tag, "base64url").subarray(0, 4).toString("base64url");
    expect(keyring.open([version, id, iv, ciphertext, short].join("."), "c")).toEqual({ ok: false });
  });

  test("a previous key still opens, and new envelopes use the current one", () => {
    const old = createKeyring({ current: previous }).seal("secret", "c");
    expect(keyring.open(old, "c")).toEqual({ ok: true, value: "secret" });
    expect(keyring.seal("secret", "c")).toMatch(/^v1\.k2\./);
  });

  test("an unknown key id does not open, and neither does another key under the same id", () => {
    const envelope = keyring.seal("secret", "c");
    expect(createKeyring({ current: previous }).open(envelope, "c")).toEqual({ ok: false });
    const impostor = createKeyring({ current: { id: "k2", key: randomBytes(32) } });
    expect(impostor.open(envelope, "c")).toEqual({ ok: false });
    // Relabelling an envelope as sealed by another key of the ring fails as well.
    expect(keyring.open(envelope.replace("v1.k2.", "v1.k1."), "c")).toEqual({ ok: false });
  });

  test("sealing the same text twice gives different envelopes that do not hold the text", () => {
    const envelopes = new Set(Array.from({ length: 100 }, () => keyring.seal("same", "c")));
    expect(envelopes.size).toBe(100);
    for (const envelope of envelopes) expect(envelope).not.toContain("same");
  });

  test("a ring with a short key, a malformed id or two keys of one id is not built", () => {
    expect(() => createKeyring({ current: { id: "k", key: randomBytes(16) } })).toThrow("32 bytes");
    expect(() => createKeyring({ current: { id: "a.b", key: randomBytes(32) } })).toThrow("id is 1 to 32");
    expect(() => createKeyring({ current, previous: [current] })).toThrow("Two encryption keys");
  });
});
