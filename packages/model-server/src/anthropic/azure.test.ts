import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anthropicDriver, azureClient } from "../testing/drivers/anthropic.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";
import { describeWire } from "../testing/wire-contract.ts";

describeWire("Anthropic on Azure", (fixture) => anthropicDriver((key) => azureClient(fixture, key)));

describe("Azure's gateway", () => {
  let fixture: TestServer;
  beforeAll(async () => {
    fixture = await startTestServer();
  });
  afterAll(() => fixture.close());

  const body = JSON.stringify({
    model: "claude-haiku-4-5",
    max_tokens: 10,
    messages: [{ role: "user", content: "[[say hi]]" }],
  });

  test.each(["api-key", "x-api-key"])(
    "takes the key as %s, with a version in the query or without",
    async (name) => {
      for (const query of ["", "?api-version=2025-09-29"]) {
        const answer = await fixture.post(`/anthropic/v1/messages${query}`, body, { [name]: "test-key" });
        expect(await answer.json()).toMatchObject({ content: [{ type: "text", text: "hi" }] });
      }
    },
  );

  test("refuses a key and a deployment in its own shape, which is not Anthropic's", async () => {
    const bad = await fixture.post("/anthropic/v1/messages", body, { "api-key": "test-key-revoked" });
    expect([bad.status, await bad.json()]).toMatchObject([401, { error: { code: "401" } }]);
    const named = body.replace("claude-haiku-4-5", "claude-unknown");
    const unknown = await fixture.post("/anthropic/v1/messages", named, { "api-key": "test-key" });
    expect([unknown.status, await unknown.json()]).toMatchObject([
      404,
      { error: { code: "DeploymentNotFound" } },
    ]);
  });
});
