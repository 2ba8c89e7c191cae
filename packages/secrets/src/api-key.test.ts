import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createApiKey, hashApiKey, looksLikeApiKey } from "./api-key.ts";

test("a new key carries 32 random bytes, and its hash is the SHA-256 of the whole secret", () => {
  const created = createApiKey((size) => Buffer.alloc(size, 1));
  expect(created.secret).toBe(`gty_${Buffer.alloc(32, 1).toString("base64url")}`);
  expect(created.hash).toBe(hashApiKey(created.secret));
  expect(hashApiKey("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("the hint shows the last four characters and no more of the secret", () => {
  const { secret, hint } = createApiKey(randomBytes);
  expect(hint).toBe(`gty_...${secret.slice(-4)}`);
  expect(hint).toHaveLength(11);
});

test("every new key looks like a key; other texts do not", () => {
  for (let round = 0; round < 50; round++) {
    expect(looksLikeApiKey(createApiKey(randomBytes).secret)).toBe(true);
  }
  const { secret } = createApiKey(randomBytes);
  const others = [
    "",
    "gty_",
    secret.slice(0, -1),
    `${secret}a`,
    `${secret}\n`,
    ` ${secret}`,
    secret.toUpperCase(),
  ];
  expect(others.filter(looksLikeApiKey)).toEqual([]);
});
