import { describe, expect, test } from "vitest";
import type { GenerateRequest } from "../port.ts";
import { request } from "../testing/providers-fixture.ts";
import { messagesRequest } from "./messages-request.ts";

const mark = { cache_control: { type: "ephemeral" } };
const weather = { name: "weather", description: "Tells it.", parameters: { type: "object" } };

function sent(more: Partial<GenerateRequest>) {
  return messagesRequest("anthropic", request("hi", { system: "Be brief.", ...more }));
}

describe("the prompt cache", () => {
  test("gets a system prompt that many calls share, and not what is asked of each", () => {
    const body = sent({ cachePrompt: true });
    expect(body.system).toEqual([{ type: "text", text: "Be brief.", ...mark }]);
    expect(body).not.toHaveProperty("cache_control");
  });

  test("gets a conversation with tools up to its end", () => {
    expect(sent({ tools: [weather] })).toMatchObject(mark);
  });

  test("is left alone otherwise: writing it costs more than reading anew", () => {
    expect(JSON.stringify(sent({}))).not.toContain("cache_control");
  });
});
