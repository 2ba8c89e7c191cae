import { array, assert, constantFrom, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { Redaction } from "./redaction.ts";

const letters = string({ unit: constantFrom("a", "b", "c", "."), maxLength: 12 });

describe("redaction", () => {
  test("of text in pieces equals redaction of the whole, whatever the secrets and wherever it is split", () => {
    assert(
      property(array(letters, { maxLength: 5 }), array(letters, { maxLength: 12 }), (secrets, pieces) => {
        const redaction = new Redaction();
        for (const [index, secret] of secrets.entries()) redaction.add(secret, `{{S${index}}}`);
        const stream = redaction.stream();
        const inPieces = pieces.map((piece) => stream.push(piece)).join("") + stream.end();
        expect(inPieces).toBe(redaction.text(pieces.join("")));
        expect(secrets.filter((secret) => secret.length >= 4 && inPieces.includes(secret))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test("takes the longer of two secrets that begin alike", () => {
    const redaction = new Redaction();
    redaction.add("abcd", "{{SHORT}}");
    redaction.add("abcdef", "{{LONG}}");
    expect(redaction.text("abcdef abcdx")).toBe("{{LONG}} {{SHORT}}x");
  });

  test("does not search a label for another secret", () => {
    const redaction = new Redaction();
    redaction.add("first-value", "{{TOKEN_NAME}}");
    redaction.add("TOKEN", "{{OTHER}}");
    expect(redaction.text("first-value")).toBe("{{TOKEN_NAME}}");
  });

  test("leaves secrets of fewer than four characters, and characters that a pattern could mistake, alone", () => {
    const redaction = new Redaction();
    redaction.add("no", "{{SHORT}}");
    redaction.add("a.c+(", "{{SPECIAL}}");
    expect(redaction.text("no abc+( a.c+(")).toBe("no abc+( {{SPECIAL}}");
  });

  test("holds back no more than a secret's length, and nothing without secrets", () => {
    const redaction = new Redaction();
    const stream = redaction.stream();
    expect(stream.push("aaaa")).toBe("aaaa");
    redaction.add("aaaaX", "{{S}}");
    expect(stream.push("a".repeat(100))).toBe("a".repeat(96));
    expect(stream.push("Y")).toBe("aaaaY");
    expect(stream.end()).toBe("");
  });
});
