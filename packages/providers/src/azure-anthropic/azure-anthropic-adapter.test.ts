import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Contract, startContract } from "../contract/contract-fixture.ts";
import { subjects } from "../contract/subjects.ts";
import type { CredentialOf } from "../port.ts";
import { failureOf, never, request } from "../testing/providers-fixture.ts";

let contract: Contract;
beforeAll(async () => {
  contract = await startContract(subjects["azure-anthropic"]);
});
afterAll(() => contract.close());
beforeEach(() => contract.reset());

function ask(prompt: string, more: Partial<CredentialOf<"azure-anthropic">> = {}) {
  const credential: CredentialOf<"azure-anthropic"> = {
    provider: "azure-anthropic",
    source: "platform",
    apiKey: "azure-key",
    baseUrl: `${contract.server.url}/anthropic`,
    ...more,
  };
  return contract.provider.generate(credential, request(prompt, { model: "claude-haiku-4-5" }), never());
}

describe("a request to Azure", () => {
  test("goes to the resource with its key in Azure's own header, in the version and with the betas of the credential", async () => {
    await ask("hi", { apiVersion: "2027-01-01", betas: ["context-1m", "files"] });
    const [sent] = contract.seen;
    expect(sent?.url).toBe("/anthropic/v1/messages");
    expect(sent?.headers).toMatchObject({
      "x-api-key": "azure-key",
      "anthropic-version": "2027-01-01",
      "anthropic-beta": "context-1m,files",
    });
    // Azure would take it for a token of Entra.
    expect(sent?.headers).not.toHaveProperty("authorization");
  });

  test("without a version of its own has the SDK's, and no betas", async () => {
    await ask("hi");
    const headers = contract.seen[0]?.headers ?? {};
    expect(headers["anthropic-version"]).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(headers).not.toHaveProperty("anthropic-beta");
  });

  test("version and betas are parts of the client: calls that differ in them share none", async () => {
    const before = contract.providers.inspect().keys.length;
    for (const more of [
      {},
      { apiVersion: "2027-01-01" },
      { apiVersion: "2027-01-02" },
      { betas: ["files"] },
    ]) {
      await ask("hi", { apiKey: "differing", ...more });
    }
    expect(contract.providers.inspect().keys.length).toBe(before + 4);
  });
});

test("a refusal of Azure's gateway, which has another shape than Anthropic's, keeps its meaning and its words", async () => {
  const refused = await failureOf(ask("[[bad-key]]"));
  expect(refused.code).toBe("AUTHENTICATION_FAILED");
  expect(refused.message).toContain("invalid subscription key or wrong API endpoint");
});
