import { randomBytes } from "node:crypto";
import { createKeyring, sealContext } from "@gantry/secrets";
import { expect, test } from "vitest";
import type { Facts } from "../admission/facts.ts";
import { credentialOf, environmentOf } from "./run-values.ts";

const keyring = createKeyring({ current: { id: "k", key: randomBytes(32) } });
const workspaceId = "workspace";

const workspaceValue = (name: string, value: string) => ({
  name,
  userId: null,
  sealed: keyring.seal(value, sealContext.workspaceValue(workspaceId, name)),
});
const personalValue = (name: string, value: string, userId = "me") => ({
  name,
  userId,
  sealed: keyring.seal(value, sealContext.personalValue(userId, name)),
});
const providerKey = (id: string, value: string) => ({
  id,
  provider: "anthropic",
  sealed: keyring.seal(value, sealContext.providerKey(workspaceId, id)),
});

function facts(some: Partial<Facts>): Facts {
  return {
    actor: null,
    workflow: null,
    permission: null,
    ban: null,
    payer: null,
    environment: [],
    providerKeys: [],
    ...some,
  };
}

test("the workspace's value wins over the caller's own of the same name", () => {
  const environment = [
    personalValue("A", "mine"),
    workspaceValue("A", "ours"),
    personalValue("B", "mine too"),
  ];
  const look = environmentOf(facts({ environment }), workspaceId, keyring);
  expect(look("A")).toEqual({ kind: "found", value: "ours" });
  expect(look("B")).toEqual({ kind: "found", value: "mine too" });
  expect(look("C")).toEqual({ kind: "missing" });
});

test("a value that was moved to another name, owner or workspace is unreadable, never empty", () => {
  const { sealed } = workspaceValue("A", "secret");
  const look = environmentOf(
    facts({
      environment: [
        { name: "B", userId: null, sealed },
        { name: "C", userId: "me", sealed },
        { name: "D", userId: null, sealed: "v1.k.x.y.z" },
      ],
    }),
    workspaceId,
    keyring,
  );
  expect([look("B"), look("C"), look("D")]).toEqual(
    Array.from({ length: 3 }, () => ({ kind: "unreadable" })),
  );
  const elsewhere = environmentOf(facts({ environment: [workspaceValue("A", "secret")] }), "other", keyring);
  expect(elsewhere("A")).toEqual({ kind: "unreadable" });
});

const platformKeys = { anthropic: { apiKey: "platform" } };

test("a workspace without keys uses the platform's, and one that has some uses its newest", () => {
  expect(credentialOf(facts({}), workspaceId, keyring, platformKeys)("anthropic")).toEqual({
    kind: "found",
    credential: { provider: "anthropic", apiKey: "platform", source: "platform" },
  });
  const providerKeys = [providerKey("02", "newer"), providerKey("01", "older")];
  expect(credentialOf(facts({ providerKeys }), workspaceId, keyring, platformKeys)("anthropic")).toEqual({
    kind: "found",
    credential: { provider: "anthropic", apiKey: "newer", source: "workspace" },
  });
  expect(credentialOf(facts({}), workspaceId, keyring, {})("anthropic")).toEqual({ kind: "missing" });
});

test("a workspace's key that cannot be read never falls back to the platform's", () => {
  const providerKeys = [{ ...providerKey("01", "own"), id: "moved" }];
  expect(credentialOf(facts({ providerKeys }), workspaceId, keyring, platformKeys)("anthropic")).toEqual({
    kind: "unreadable",
  });
});
