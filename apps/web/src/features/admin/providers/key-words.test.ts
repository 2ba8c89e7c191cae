import { expect, test } from "vitest";
import { clientsText, connectionsText, inOrder } from "./key-words.ts";

const key = (provider: "openai" | "anthropic", keyFingerprint: string, lastUsedAt: number) => ({
  provider,
  source: "platform" as const,
  keyFingerprint,
  clients: 1,
  callsInFlight: 0,
  connections: null,
  lastUsedAt,
  draining: false,
});

test("keys keep their places however often they are used, and each has a name of its own", () => {
  const keys = [
    key("openai", "b", 1),
    key("anthropic", "a", 2),
    key("openai", "a", 3),
    key("openai", "a", 4),
  ];
  const ordered = inOrder(keys);
  expect(ordered.map((each) => [each.key.provider, each.key.keyFingerprint])).toEqual([
    ["anthropic", "a"],
    ["openai", "a"],
    ["openai", "a"],
    ["openai", "b"],
  ]);
  expect(new Set(ordered.map(({ id }) => id)).size).toBe(4);
  const later = keys.toReversed().map((each, index) => ({ ...each, lastUsedAt: index }));
  expect(inOrder(later).map(({ id }) => id)).toEqual(ordered.map(({ id }) => id));
});

test("a key whose calls go over connections of all has no number of its own", () => {
  expect([connectionsText(null), connectionsText(0), connectionsText(1_200)]).toEqual([
    "shared",
    "0",
    "1,200",
  ]);
});

test("a provider that gets a client for each call has no number of them", () => {
  expect([clientsText(0), clientsText(1)]).toEqual(["per call", "1"]);
});
