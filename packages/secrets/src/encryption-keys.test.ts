import { expect, test } from "vitest";
import { encryptionKeys } from "./encryption-keys.ts";
import { createKeyring } from "./keyring.ts";

const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

test("a key has the same id for ever: envelopes that were sealed by earlier versions name it", () => {
  expect(encryptionKeys(one, [two])).toEqual({
    current: { id: "72cd6e84", key: one },
    previous: [{ id: "75877bb4", key: two }],
  });
  const sealed = "v1.72cd6e84.1hb_Mv5nl99jYZP-.hZbB-6mH.PDaQADh6BZikZLLJ5a0KGw";
  expect(createKeyring(encryptionKeys(two, [one])).open(sealed, "context")).toEqual({
    ok: true,
    value: "secret",
  });
});

test("a key that is given twice counts once, and the current one stays the current one", () => {
  const keys = encryptionKeys(two, [one, two, one]);
  expect(keys.current.key).toBe(two);
  expect(keys.previous.map(({ key }) => key)).toEqual([one]);
  expect(createKeyring(keys).seal("secret", "context")).toMatch(/^v1\.75877bb4\./);
});
