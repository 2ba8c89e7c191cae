import { describe, expect, test } from "vitest";
import { providerIds } from "../port.ts";
import { newProviderKey } from "./new-provider-key.ts";
import { sampleKeys } from "./testing/sample-keys.ts";

/** Every problem as `path: sentence`. */
function problemsOf(key: unknown): string[] {
  const parsed = newProviderKey.safeParse(key);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const vllm = (baseUrl: string) => ({ provider: "vllm", apiKey: null, baseUrl });
const bedrock = { ...sampleKeys.bedrock };

describe("a provider key that a user may store", () => {
  test("is one of any provider, with nothing but what that provider needs", () => {
    for (const provider of providerIds) {
      expect(newProviderKey.parse(sampleKeys[provider])).toEqual(sampleKeys[provider]);
      expect(problemsOf({ ...sampleKeys[provider], more: 1 })).toEqual([': Unrecognized key: "more"']);
    }
    expect(problemsOf({ provider: "other", apiKey: "sk-12345678" })).toEqual([
      "provider: The provider is not one that can be called",
    ]);
  });

  test("can name neither an endpoint for Bedrock, nor whoever the process is, nor an address of a provider that has one", () => {
    const refused = [
      { ...bedrock, baseUrl: "https://collects.example" },
      { ...bedrock, identity: { kind: "default_chain" } },
      { provider: "bedrock", region: "us-east-1" },
      { provider: "anthropic", apiKey: "sk-12345678", baseUrl: "https://collects.example" },
      { provider: "google", apiKey: "sk-12345678", baseUrl: "https://collects.example" },
      { provider: "groq", apiKey: "sk-12345678", source: "platform" },
    ];
    for (const key of refused) expect(problemsOf(key)).not.toEqual([]);
  });

  test("tells everything that is wrong with it at once, each at its field and without its value", () => {
    const problems = problemsOf({
      provider: "bedrock",
      region: "us-east-1.evil.example",
      accessKeyId: "AKIA hunter2",
      secretAccessKey: "hunter2",
      sessionToken: "hunter2 hunter2 hunter2",
    });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "region",
      "accessKeyId",
      "secretAccessKey",
      "sessionToken",
    ]);
    expect(problems.join()).not.toContain("hunter2");
    expect(problemsOf({ provider: "azure-anthropic" })).toEqual([
      "apiKey: The API key is missing",
      "baseUrl: The base URL is missing",
    ]);
    expect(problemsOf({ provider: "groq", apiKey: "ä b" })).toEqual([
      "apiKey: The API key must have at least 8 characters",
      "apiKey: The API key must be printable ASCII without spaces",
    ]);
  });

  test("is trimmed, and a line break inside never reaches a header", () => {
    expect(newProviderKey.parse({ provider: "groq", apiKey: " gsk_12345678\n" })).toEqual({
      provider: "groq",
      apiKey: "gsk_12345678",
    });
    for (const apiKey of [
      "sk-1234\r\nx-evil: 1",
      "sk-1234\u0000567",
      "sk-1234\u2028567",
      "k".repeat(1_001),
    ]) {
      expect(problemsOf({ provider: "openai", apiKey })).toHaveLength(1);
    }
  });

  test.each([
    "us-east-1@evil.example/",
    "us-east-1/",
    "us-east-1#",
    "us-east-1.evil.example",
    "us-east-1\n",
    "US-EAST-1",
    "useast1",
    "us-east-123",
    "us--1",
    `us-${"a".repeat(40)}-1`,
    "",
  ])("refuses %j for a region, because the host of a signed request is made from it", (region) => {
    // A final line break is trimmed away before it is judged.
    const known = region.trim() === "us-east-1";
    expect(problemsOf({ ...bedrock, region })).toEqual(
      known ? [] : ["region: The region must be one of AWS, such as us-east-1"],
    );
  });

  test.each(["us-east-1", "eu-central-2", "ap-southeast-1", "us-gov-west-1", "us-iso-east-1"])(
    "takes %s for a region",
    (region) => expect(problemsOf({ ...bedrock, region })).toEqual([]),
  );

  test.each([
    ["https://user:hunter2@models.example", "must not hold a user name or password"],
    ["https://models.example/?key=hunter2", "must not have a query"],
    ["https://models.example/?", "must not have a query"],
    ["https://models.example/#part", "must not have a fragment"],
    ["ftp://models.example", "must be a URL that starts with https:// or http://"],
    ["javascript:alert(1)", "must be a URL that starts with https:// or http://"],
    ["models.example", "must be a URL that starts with https:// or http://"],
    ["https://", "must be a URL that starts with https:// or http://"],
    [`https://models.example/${"a".repeat(2_000)}`, "must have at most 2000 characters"],
  ])("refuses %s for an address", (baseUrl, problem) => {
    expect(problemsOf(vllm(baseUrl))).toEqual([`baseUrl: The base URL ${problem}`]);
  });

  test.each([
    [" https://Models.Example:8000/v1/ ", "https://models.example:8000/v1"],
    ["http://models.example", "http://models.example"],
    ["https://models.example\\@evil.example", "https://models.example/@evil.example"],
    ["https://127.1/v1//", "https://127.0.0.1/v1"],
  ])("keeps the address %s as it will be asked", (given, kept) => {
    expect(newProviderKey.parse(vllm(given))).toEqual(vllm(kept));
  });

  test("takes versions and beta features that are shaped like ones", () => {
    const azure = sampleKeys["azure-anthropic"];
    expect(
      problemsOf({ ...azure, apiVersion: "2023-06-01-preview", betas: ["context-1m-2025-08-07"] }),
    ).toEqual([]);
    for (const apiVersion of ["2023-6-1", "2023-06-01\r\nx: y", "latest", ""]) {
      expect(problemsOf({ ...azure, apiVersion })).toHaveLength(1);
    }
    for (const betas of [["a,b"], ["A"], ["a\nb"], [], Array.from({ length: 21 }, () => "a")]) {
      expect(problemsOf({ ...azure, betas })).toHaveLength(1);
    }
  });
});
