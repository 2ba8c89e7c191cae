import { expect, test } from "vitest";
import { choicesWith, fieldsOf, fieldValue } from "./block-fields.ts";

test("what a draft names is a choice, even where there is no such thing", () => {
  const choices = [{ value: "openai", label: "OpenAI" }];
  expect(choicesWith("openai", choices)).toEqual(choices);
  expect(choicesWith("nope", choices).map(({ value }) => value)).toEqual(["nope", "openai"]);
  expect(choicesWith("", choices)[0]?.label).toBe("Choose one");
});

test("a flag that is taken back leaves no trace in the text", () => {
  const flag = fieldsOf("agent").find(({ key }) => key === "cachePrompt");
  if (flag === undefined) throw new Error("an agent has no cachePrompt");
  expect(fieldValue("true", flag)).toEqual({ ok: true, value: true });
  expect(fieldValue("", flag)).toEqual({ ok: true, value: undefined });
});
