import { expect, test } from "vitest";
import { providerIds } from "../port.ts";
import { hintOf } from "./hint.ts";
import { sampleKeys } from "./testing/sample-keys.ts";

test("a hint tells keys apart by their last characters, their region and the host they go to", () => {
  expect(Object.fromEntries(providerIds.map((id) => [id, hintOf(sampleKeys[id])]))).toEqual({
    anthropic: "...0001",
    "azure-anthropic": "...0002 · ours.services.ai.azure.com",
    bedrock: "...0003 · eu-central-1",
    vllm: "...0004 · gpu.example:8000",
    openai: "...0005 · router.example",
    groq: "...0006",
    cerebras: "...0007",
    google: "...0008",
  });
  expect(hintOf({ ...sampleKeys.vllm, apiKey: null })).toBe("no key · gpu.example:8000");
});

test("a hint shows nothing of a short key, and nothing of an address but its host", () => {
  expect(hintOf({ provider: "groq", apiKey: "gsk-short" })).toBe("...");
  const address = { ...sampleKeys.vllm, baseUrl: "https://gpu.example/of/hidden/path" };
  expect(hintOf(address)).toBe("...0004 · gpu.example");
});
