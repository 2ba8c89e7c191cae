import { randomBytes } from "node:crypto";
import { type ProviderId, providerIds, secretsOf } from "@gantry/providers";
import { sealedText } from "@gantry/providers/credentials";
import { hiddenIn, sampleKeys } from "@gantry/providers/credentials/testing";
import { createKeyring, sealContext } from "@gantry/secrets";
import { describe, expect, test } from "vitest";
import type { Facts } from "../admission/facts.ts";
import { createKeyRotation, type KeyRotation } from "./key-rotation.ts";
import { credentialFrom, environmentOf, type PlatformKeys } from "./run-values.ts";

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
const providerKey = (id: string, value: string, provider: ProviderId = "anthropic") => ({
  id,
  ownerId: workspaceId,
  provider,
  sealed: keyring.seal(value, sealContext.providerKey(workspaceId, id)),
});
const organizationKey = (id: string, value: string) => ({
  id,
  ownerId: "organization",
  provider: "anthropic",
  sealed: keyring.seal(value, sealContext.organizationProviderKey("organization", id)),
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

const platformKeys: PlatformKeys = {
  anthropic: { provider: "anthropic", apiKey: "platform", source: "platform" },
};

/** A look-up for a run on these keys; runs share the rotation, as those of a process do. */
function lookUp(some: Partial<Facts>, options: { rotation?: KeyRotation; platform?: PlatformKeys } = {}) {
  const unreadable: string[] = [];
  const access = {
    keyring,
    platformKeys: options.platform ?? platformKeys,
    rotation: options.rotation ?? createKeyRotation(),
    onUnreadable: (keyId: string) => void unreadable.push(keyId),
  };
  const { providerKeys } = facts(some);
  const look = (provider: ProviderId) => credentialFrom(providerKeys, provider, workspaceId, access);
  const next = () => {
    const lookup = look("anthropic");
    return lookup.kind === "found"
      ? `${lookup.credential.source}: ${secretsOf(lookup.credential).join()}`
      : lookup.kind;
  };
  return { look, next, unreadable };
}

describe("the key of a model call", () => {
  test("is the platform's where nobody stored one, and missing where that has none either", () => {
    expect(lookUp({}).next()).toBe("platform: platform");
    expect(lookUp({}, { platform: {} }).next()).toBe("missing");
  });

  test("is the next of the workspace's own, call by call and run by run, whoever was added or revoked between", () => {
    const rotation = createKeyRotation();
    const [one, two, three] = [
      providerKey("01", "one"),
      providerKey("02", "two"),
      providerKey("03", "three"),
    ];
    const first = lookUp({ providerKeys: [two, one] }, { rotation });
    expect([first.next(), first.next(), first.next()]).toEqual([
      "workspace: one",
      "workspace: two",
      "workspace: one",
    ]);
    const added = lookUp({ providerKeys: [two, one, three] }, { rotation });
    expect([added.next(), added.next()]).toEqual(["workspace: two", "workspace: three"]);
    const revoked = lookUp({ providerKeys: [one, three] }, { rotation });
    expect([revoked.next(), revoked.next()]).toEqual(["workspace: one", "workspace: three"]);
  });

  test("is one of the organization's only while the workspace has none", () => {
    const rotation = createKeyRotation();
    const organization = [organizationKey("01", "theirs"), organizationKey("03", "theirs too")];
    const own = providerKey("02", "ours");
    const without = lookUp({ providerKeys: organization }, { rotation });
    expect([without.next(), without.next(), without.next()]).toEqual([
      "organization: theirs",
      "organization: theirs too",
      "organization: theirs",
    ]);
    const having = lookUp({ providerKeys: [...organization, own] }, { rotation });
    expect([having.next(), having.next()]).toEqual(["workspace: ours", "workspace: ours"]);
    expect(lookUp({ providerKeys: organization }, { rotation }).next()).toBe("organization: theirs too");
  });

  test("that cannot be opened is never another one: not the organization's, not the platform's, nor its neighbour", () => {
    const broken = { ...providerKey("02", "own"), sealed: "v1.k.x.y.z" };
    const alone = lookUp({ providerKeys: [broken, organizationKey("03", "theirs")] });
    expect([alone.next(), alone.next(), ...alone.unreadable]).toEqual([
      "unreadable",
      "unreadable",
      "02",
      "02",
    ]);
    const among = lookUp({ providerKeys: [providerKey("01", "one"), broken, providerKey("03", "three")] });
    expect([among.next(), among.next(), among.next()]).toEqual([
      "workspace: one",
      "unreadable",
      "workspace: three",
    ]);
    expect(among.unreadable).toEqual(["02"]);
    const ofOrganization = lookUp({ providerKeys: [{ ...organizationKey("01", "theirs"), id: "moved" }] });
    expect([ofOrganization.next(), ...ofOrganization.unreadable]).toEqual(["unreadable", "moved"]);
  });

  test("does not open as the other kind of owner's: a workspace's key that was moved to its organization is unreadable", () => {
    const { sealed } = providerKey("01", "own");
    const moved = { ...organizationKey("01", ""), sealed };
    expect(lookUp({ providerKeys: [moved] }).next()).toBe("unreadable");
  });

  test("of every provider is the whole credential that was stored", () => {
    for (const provider of providerIds) {
      const stored = providerKey("01", sealedText(sampleKeys[provider]), provider);
      const lookup = lookUp({ providerKeys: [stored] }).look(provider);
      if (lookup.kind !== "found") throw new Error(`${provider}: ${lookup.kind}`);
      expect(lookup.credential).toMatchObject({ provider, source: "workspace" });
      expect([...secretsOf(lookup.credential)].toSorted()).toEqual(hiddenIn(sampleKeys[provider]).toSorted());
    }
  });

  test("that opens as something else than a key of its provider is unreadable, and the platform's is not used", () => {
    const sealed = (text: string, provider: ProviderId) => [providerKey("01", text, provider)];
    const platform: PlatformKeys = {
      ...platformKeys,
      openai: { provider: "openai", apiKey: "platform", source: "platform" },
    };
    const cases = [
      [sealed('{"provider":"anthropic","apiKey":"sk-', "anthropic"), "anthropic"],
      [sealed(sealedText(sampleKeys.openai), "anthropic"), "anthropic"],
      [sealed("sk-of-an-earlier-release", "openai"), "openai"],
    ] as const;
    for (const [keys, provider] of cases) {
      const { look, unreadable } = lookUp({ providerKeys: keys }, { platform });
      expect(look(provider)).toEqual({ kind: "unreadable" });
      expect(unreadable).toEqual(["01"]);
    }
  });

  test("of one provider pays for no other", () => {
    const { look } = lookUp({ providerKeys: [providerKey("01", sealedText(sampleKeys.openai), "openai")] });
    expect([look("groq").kind, look("anthropic").kind, look("openai").kind]).toEqual([
      "missing",
      "found",
      "found",
    ]);
  });
});
