import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { parseEncryptionKey, parseEncryptionKeys } from "./parse-encryption-key.ts";

test("64 hex digits, base64 and base64url all give the same 32 bytes", () => {
  for (let round = 0; round < 50; round++) {
    const key = randomBytes(32);
    const texts = [
      key.toString("hex"),
      key.toString("hex").toUpperCase(),
      key.toString("base64"),
      key.toString("base64url"),
      ` ${key.toString("base64")}\n`,
    ];
    for (const text of texts) expect(parseEncryptionKey(text)).toEqual({ ok: true, key });
  }
});

test("anything else is an error value that does not repeat the text", () => {
  const texts = [
    "",
    "short",
    "f".repeat(63),
    "g".repeat(64),
    randomBytes(31).toString("base64"),
    randomBytes(33).toString("base64"),
    randomBytes(32).toString("hex").slice(2),
    `${randomBytes(32).toString("base64")}=`,
    `${randomBytes(32).toString("base64url")}!`,
  ];
  expect(texts.filter((text) => parseEncryptionKey(text).ok)).toEqual([]);
  const answers = texts.map((text) => JSON.stringify(parseEncryptionKey(text)));
  expect(texts.filter((text, index) => text !== "" && answers[index]?.includes(text))).toEqual([]);
});

test("a list of keys is read in its order, and one that is wrong spoils the list", () => {
  const [one, two] = [randomBytes(32), randomBytes(32)];
  const list = ` ${one.toString("hex")} , ${two.toString("base64")},`;
  expect(parseEncryptionKeys(list)).toEqual({ ok: true, keys: [one, two] });
  expect(parseEncryptionKeys(" ")).toEqual({ ok: true, keys: [] });
  expect(parseEncryptionKeys(`${one.toString("hex")},short`)).toEqual(parseEncryptionKey("short"));
});
