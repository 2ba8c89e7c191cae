import { expect, test } from "vitest";
import { providerNames } from "../../definition/provider-name.ts";
import { keysInUse } from "./keys-in-use.ts";

const keys = (...providers: string[]) =>
  providers.map((provider, index) => ({
    id: String(index),
    provider,
    name: "Key",
    hint: "...abcd",
    createdAt: 0,
  }));
const acme = (...providers: string[]) => ({
  id: "acme",
  name: "Acme",
  mayChange: true,
  providerKeys: keys(...providers),
});
const rest = "Calls to every other provider use the operator's key.";

test.each([
  [[], null, ["This workspace has no key of its own, so model calls use the operator's."]],
  [[], acme(), ["Neither this workspace nor Acme has a key of its own, so model calls use the operator's."]],
  [[], acme("openai"), ["Calls to OpenAI use the key of Acme.", rest]],
  [[], acme("groq", "groq"), ["Calls to Groq take the 2 keys of Acme in turn.", rest]],
  [["anthropic"], null, ["Calls to Anthropic use this workspace's own key.", rest]],
  [
    ["anthropic", "anthropic"],
    acme("openai", "anthropic"),
    [
      "Calls to Anthropic take this workspace's own 2 keys in turn; those of Acme are not used here.",
      "Calls to OpenAI use the key of Acme.",
      rest,
    ],
  ],
])("with own keys for %j, and %j: %j", (own, organization, sentences) => {
  expect(keysInUse({ workspace: keys(...own), organization })).toEqual(sentences);
});

test("nothing is said of other providers where each has a key", () => {
  const all = keysInUse({ workspace: keys(...Object.keys(providerNames)), organization: null });
  expect(all).toHaveLength(8);
  expect(all).not.toContain(rest);
});
