import { expect, test } from "vitest";
import { keysInUse } from "./keys-in-use.ts";

const keys = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: String(index),
    provider: "anthropic",
    name: "Key",
    hint: "...abcd",
    createdAt: 0,
  }));
const acme = (count: number) => ({ id: "acme", name: "Acme", mayChange: true, providerKeys: keys(count) });

test.each([
  [0, null, "This workspace has no key of its own, so model calls use the operator's."],
  [0, acme(0), "Neither this workspace nor Acme has a key of its own, so model calls use the operator's."],
  [0, acme(1), "This workspace has no key of its own, so model calls use the key of Acme."],
  [0, acme(3), "This workspace has no key of its own, so model calls take the 3 keys of Acme in turn."],
  [1, null, "Model calls use this workspace's own key."],
  [2, acme(0), "Model calls take this workspace's own 2 keys in turn."],
  [1, acme(3), "Model calls use this workspace's own key; those of Acme are not used here."],
])("with %i own keys, and %j: %s", (own, organization, sentence) => {
  expect(keysInUse({ workspace: keys(own), organization })).toBe(sentence);
});
