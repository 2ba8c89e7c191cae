import { describe, expect, test } from "vitest";
import { failureOf } from "../testing/providers-fixture.ts";
import type { Contract } from "./contract-fixture.ts";
import type { ContractSubject } from "./contract-subject.ts";
import { round, user, weather } from "./tools.ts";

/** With what native forms do not all take: open objects, a property that may be missing, bounds, a default. */
const responseSchema = {
  type: "object",
  properties: {
    title: { type: "string", minLength: 5 },
    mood: { type: "string", enum: ["calm", "wild"], default: "calm" },
    tags: {
      type: "array",
      items: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
    },
  },
  required: ["title", "tags"],
};

const madeUp = { title: "example title", tags: [{ name: "example name" }, { name: "example name" }] };
const valid = { title: "Leases", tags: [{ name: "slot" }] };

export function describeStructuredOutput(subject: ContractSubject, contract: () => Contract): void {
  describe("structured output", () => {
    test("is asked for with the whole schema and comes back parsed", async () => {
      // The model server makes a value up from a schema on the wire; one in the system text it does not read.
      const prompt = subject.takesSchema ? "Describe it." : `[[say ${JSON.stringify(madeUp)}]]`;
      const generation = await contract().generate(prompt, { responseSchema });
      expect(generation.json).toEqual(JSON.parse(generation.text));
      expect(generation.json).toMatchObject(madeUp);
      expect(shownWords(contract())).toEqual(schemaWords);
    });

    test("may leave out what the schema does not require", async () => {
      const said = `[[say ${JSON.stringify(valid)}]]`;
      expect((await contract().generate(said, { responseSchema })).json).toEqual(valid);
    });

    test.each([
      ["breaks the schema", '[[say {"title":"abc","tags":[]}]]', {}, "title"],
      ["is no JSON", "[[say Here you are]]", {}, "not JSON"],
      [
        "was cut at the token limit",
        `[[say {"title":"${"long ".repeat(40)}"}]]`,
        { maxTokens: 20 },
        "cut off at 20 tokens",
      ],
      ["is a refusal", "[[refuse]] [[say I would rather not]]", {}, "refused"],
    ])("an answer that %s is a failure that tells what was billed", async (_name, prompt, more, detail) => {
      const failure = await failureOf(contract().generate(prompt, { responseSchema, ...more }));
      expect(failure).toMatchObject({ code: "INVALID_OUTPUT", phase: "validating", retryable: false });
      expect(failure.message).toContain(detail);
      expect(failure.usage?.outputTokens).toBeGreaterThan(0);
      expect(failure.costMicros).toBeGreaterThan(0);
    });

    test.each([{ type: "array" }, { type: "object", if: {} }])(
      "the unusable schema %j is refused before anything is sent",
      async (unusable) => {
        const failure = await failureOf(contract().generate("hi", { responseSchema: unusable }));
        expect(failure).toMatchObject({ code: "INVALID_REQUEST", phase: "before_request" });
        expect(contract().server.stats().requests).toBe(0);
      },
    );

    test("together with tools: calls come without it, and the answer after them satisfies it", async () => {
      const more = { tools: [weather], responseSchema };
      const first = await contract().generate("[[tool weather]]", more);
      expect(first).toMatchObject({ json: null, stopReason: "tool_calls" });
      const result = `22 degrees [[say ${JSON.stringify(valid)}]]`;
      const messages = [user("[[tool weather]]"), ...round(first, [result])];
      expect((await contract().generate("", { ...more, messages })).json).toEqual(valid);
    });

    test("together with tools: the model is shown the whole schema", async () => {
      const prompt = `[[say ${JSON.stringify(valid)}]]`;
      await contract().generate(prompt, { tools: [weather], responseSchema });
      expect(shownWords(contract())).toEqual(schemaWords);
    });
  });
}

const schemaWords = ["title", "mood", "wild", "tags"];

function shownWords({ seen }: Contract): string[] {
  const sent = JSON.stringify(seen[0]?.body);
  return schemaWords.filter((word) => sent.includes(word));
}
