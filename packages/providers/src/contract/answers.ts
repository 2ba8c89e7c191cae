import { describe, expect, test } from "vitest";
import { collect } from "../testing/providers-fixture.ts";
import type { Contract } from "./contract-fixture.ts";
import type { ContractSubject } from "./contract-subject.ts";

export function describeAnswers(subject: ContractSubject, contract: () => Contract): void {
  describe("an answer", () => {
    test("streams in many parts and ends with one finish part that holds the whole", async () => {
      const { texts, generation } = await collect(contract().stream("Tell me of leases. [[tokens 40]]"));
      expect(texts.length).toBe(40);
      expect(generation).toMatchObject({
        text: texts.join(""),
        json: null,
        toolCalls: [],
        model: subject.model,
        stopReason: "end",
      });
    });

    test("is the same whole when it is not streamed to the caller", async () => {
      const { generation } = await collect(contract().stream("Tell me of leases."));
      expect(await contract().generate("Tell me of leases.")).toEqual(generation);
    });

    test("is counted by kind of token and costs what the kinds cost", async () => {
      const cacheWriteTokens = subject.tellsCacheWrites ? 500 : 0;
      const { usage, costMicros } = await contract().generate(
        `[[usage input=200 output=50 reasoning=20]] [[cache read=1000 write=${cacheWriteTokens}]]`,
      );
      expect(usage).toEqual({
        inputTokens: 200,
        outputTokens: 50,
        reasoningTokens: subject.tellsReasoning ? 20 : 0,
        cacheReadTokens: 1_000,
        cacheWriteTokens,
      });
      expect(costMicros).toBe(200 * 1 + 50 * 5 + 1_000 * 0.1 + cacheWriteTokens * 1.25);
    });

    test("says that it was cut at the token limit", async () => {
      const { stopReason, usage } = await contract().generate("[[tokens 100]]", { maxTokens: 20 });
      expect([stopReason, usage.outputTokens]).toEqual(["max_tokens", 20]);
    });

    test.each(["[[refuse]]", "[[filter]]"])(
      "that %s ends is a refusal, no failure and no ordinary end",
      async (how) => {
        const { stopReason, usage } = await contract().generate(how);
        expect(stopReason).toBe("refusal");
        expect(usage.inputTokens).toBeGreaterThan(0);
      },
    );

    test("without a word is whole when its end has come", async () => {
      expect(await contract().generate("[[say]]")).toMatchObject({
        text: "",
        toolCalls: [],
        stopReason: "end",
      });
    });
  });
}
