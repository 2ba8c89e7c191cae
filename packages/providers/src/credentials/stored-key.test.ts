import { describe, expect, test } from "vitest";
import { providerIds } from "../port.ts";
import { secretsOf } from "../secrets-of.ts";
import { readStoredKey, sealedText } from "./stored-key.ts";
import { hiddenIn, sampleKeys } from "./testing/sample-keys.ts";

describe("a stored provider key", () => {
  test("of every provider comes back as the credential that was given, with every secret of it", () => {
    for (const provider of providerIds) {
      const key = sampleKeys[provider];
      const read = readStoredKey(provider, sealedText(key), "workspace");
      if (!read.ok) throw new Error(provider);
      expect(read.credential).toMatchObject({ provider, source: "workspace" });
      expect([...secretsOf(read.credential)].toSorted()).toEqual(hiddenIn(key).toSorted());
    }
    const { provider, region, ...keys } = sampleKeys.bedrock;
    expect(readStoredKey(provider, sealedText(sampleKeys.bedrock), "organization")).toEqual({
      ok: true,
      credential: { provider, region, identity: { kind: "keys", ...keys }, source: "organization" },
    });
  });

  test("that is no JSON object is an Anthropic key of an earlier release, and of no other provider", () => {
    expect(readStoredKey("anthropic", "sk-ant-old", "workspace")).toEqual({
      ok: true,
      credential: { provider: "anthropic", apiKey: "sk-ant-old", source: "workspace" },
    });
    for (const provider of providerIds.filter((id) => id !== "anthropic")) {
      expect(readStoredKey(provider, "sk-old", "workspace")).toEqual({ ok: false });
    }
    expect(readStoredKey("anthropic", "", "workspace")).toEqual({ ok: false });
  });

  test("that is damaged, of another provider, or names what only the operator may, is not read", () => {
    const damaged = [
      sealedText(sampleKeys.anthropic).slice(0, -1),
      "{}",
      sealedText(sampleKeys.groq),
      JSON.stringify({ ...sampleKeys.anthropic, apiKey: 1 }),
      JSON.stringify({ ...sampleKeys.anthropic, baseUrl: "https://collects.example" }),
    ];
    for (const text of damaged) expect(readStoredKey("anthropic", text, "workspace")).toEqual({ ok: false });
    const elsewhere = { ...sampleKeys.bedrock, region: "us-east-1.evil.example" };
    expect(readStoredKey("bedrock", sealedText(elsewhere), "workspace")).toEqual({ ok: false });
    const chain = { provider: "bedrock", region: "us-east-1", identity: { kind: "default_chain" } };
    expect(readStoredKey("bedrock", JSON.stringify(chain), "workspace")).toEqual({ ok: false });
  });
});
