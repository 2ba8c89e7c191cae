import { describe, expect, test } from "vitest";
import { providerNames } from "../../definition/provider-name.ts";
import { keyFields, keyFrom } from "./key-fields.ts";

function formOf(entries: Readonly<Record<string, string>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(entries)) data.set(name, value);
  return data;
}

describe("the form of a provider key", () => {
  test("has every field that it reads, and reads every field that it has", () => {
    for (const provider of Object.keys(providerNames).filter(isProvider)) {
      const names = keyFields[provider].map(({ name }) => name);
      const key = keyFrom(provider, formOf(Object.fromEntries(names.map((name) => [name, `${name}-1`]))));
      expect(key).toEqual({
        provider,
        ...Object.fromEntries(names.map((name) => [name, name === "betas" ? ["betas-1"] : `${name}-1`])),
      });
    }
  });

  test("leaves out what is optional and empty", () => {
    expect(keyFrom("anthropic", formOf({ apiKey: " sk-1 ", betas: " " }))).toEqual({
      provider: "anthropic",
      apiKey: "sk-1",
    });
    expect(keyFrom("vllm", formOf({ apiKey: "", baseUrl: "https://gpu.example/v1" }))).toEqual({
      provider: "vllm",
      apiKey: null,
      baseUrl: "https://gpu.example/v1",
    });
    expect(keyFrom("openai", formOf({ apiKey: "sk-1", baseUrl: "" }))).toEqual({
      provider: "openai",
      apiKey: "sk-1",
    });
  });

  test("takes several beta features apart, however they are separated", () => {
    expect(keyFrom("anthropic", formOf({ apiKey: "sk-1", betas: "a-1, b-2\n c-3,," }))).toMatchObject({
      betas: ["a-1", "b-2", "c-3"],
    });
  });
});

function isProvider(text: string): text is keyof typeof keyFields {
  return text in keyFields;
}
