import { describe, expect, test } from "vitest";
import { round, user, weather } from "../contract/tools.ts";
import type { Generation, Message } from "../port.ts";
import { request } from "../testing/providers-fixture.ts";
import { contentRequest } from "./content-request.ts";
import { isGemini3 } from "./gemini-model.ts";

const answered: Generation = {
  text: "Let me look.",
  json: null,
  toolCalls: [
    { id: "toolu_1", name: "weather", arguments: '{"city":"Bern"}' },
    { id: "toolu_2", name: "weather", arguments: '{"city":"Thun"}' },
  ],
  continuation: null,
  model: "another",
  stopReason: "tool_calls",
  usage: { inputTokens: 0, outputTokens: 0, reasoningTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  costMicros: 0,
};

function sent(model: string, messages: readonly Message[]) {
  return contentRequest(request("", { model, messages, tools: [weather] }));
}

describe("a conversation that another provider's model began", () => {
  const messages = [user("How is it?"), ...round(answered, ["12 degrees", "none"])];

  test("goes on with version 3: the first call says that no Gemini model signed it, ids pair the results", () => {
    expect(sent("gemini-3-flash-preview", messages).contents).toEqual([
      { role: "user", parts: [{ text: "How is it?" }] },
      {
        role: "model",
        parts: [
          { text: "Let me look." },
          {
            functionCall: { id: "toolu_1", name: "weather", args: { city: "Bern" } },
            thoughtSignature: "skip_thought_signature_validator",
          },
          { functionCall: { id: "toolu_2", name: "weather", args: { city: "Thun" } } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "toolu_1", name: "weather", response: { output: "12 degrees" } } },
          { functionResponse: { id: "toolu_2", name: "weather", response: { output: "none" } } },
        ],
      },
    ]);
  });

  test("goes on with an older one, which knows neither", () => {
    const body = JSON.stringify(sent("gemini-2.5-pro", messages));
    expect(body).not.toContain("toolu_1");
    expect(body).not.toContain("thoughtSignature");
  });
});

test("a signature of the text goes back behind it, also where nothing was said", () => {
  const continuation = { provider: "google", data: { calls: [], text: "c2lnbmVk" } } as const;
  const assistant = (text: string): Message => ({ role: "assistant", text, toolCalls: [], continuation });
  const messages = [user("a"), assistant("b"), user("c"), assistant(""), user("d")];
  expect(sent("gemini-3-pro-preview", messages).contents).toMatchObject([
    {},
    { parts: [{ text: "b" }, { text: "", thoughtSignature: "c2lnbmVk" }] },
    {},
    { parts: [{ text: "", thoughtSignature: "c2lnbmVk" }] },
    {},
  ]);
});

test("a message without a word still has a part", () => {
  const messages: readonly Message[] = [
    { role: "user", content: [] },
    { role: "assistant", text: "", toolCalls: [], continuation: null },
    user("go on"),
  ];
  const empty = [{ text: "" }];
  expect(sent("gemini-2.5-pro", messages).contents).toMatchObject([{ parts: empty }, { parts: empty }, {}]);
});

test("an answer that was cut is not gone on with behind our back", () => {
  expect(sent("gemini-3-pro-preview", [user("hi")]).config.automaticContinuation).toBe(false);
});

test.each([
  ["gemini-1.5-pro", false],
  ["gemini-2.0-flash", false],
  ["models/gemini-2.5-pro", false],
  ["gemini-3-pro-preview", true],
  ["models/gemini-3.5-flash", true],
  ["gemini-12-pro", true],
  ["gemini-flash-latest", true],
])("%s is of version 3 or newer: %s", (model, expected) => {
  expect(isGemini3(model)).toBe(expected);
});
