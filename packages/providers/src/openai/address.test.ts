import { describe, expect, test } from "vitest";
import { openaiAddress } from "./address.ts";

const own = "https://api.openai.com/v1";

describe("the address of an OpenAI credential", () => {
  test.each([
    [undefined, own, "responses"],
    [own, own, "responses"],
    ["https://eu.api.openai.com/v1", "https://eu.api.openai.com/v1", "responses"],
    [`${own}/chat/completions`, own, "chat"],
    ["https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1", "chat"],
    ["http://localhost:11434/v1/", "http://localhost:11434/v1/", "chat"],
    ["https://x.openai.azure.com/openai/v1/responses", "https://x.openai.azure.com/openai/v1", "responses"],
    ["https://x.example/v1/responses/", "https://x.example/v1", "responses"],
    ["https://api.openai.com.example/v1", "https://api.openai.com.example/v1", "chat"],
    ["not an address", "not an address", "chat"],
  ])("%s leads to %s over %s", (given, baseUrl, wire) => {
    expect(openaiAddress(given)).toEqual({ baseUrl, wire });
  });
});
