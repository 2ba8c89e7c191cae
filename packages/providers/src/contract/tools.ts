import { describe, expect, test } from "vitest";
import type { Generation, Message, StreamPart, ToolDefinition } from "../port.ts";
import { failureOf } from "../testing/providers-fixture.ts";
import type { Contract } from "./contract-fixture.ts";
import type { ContractSubject } from "./contract-subject.ts";

export const weather: ToolDefinition = {
  name: "weather",
  description: "The weather of a city.",
  parameters: {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer", minimum: 1 } },
    required: ["city"],
  },
};

const clock: ToolDefinition = {
  name: "clock",
  description: "The time.",
  parameters: { type: "object", properties: {} },
};

const tools = [weather, clock];

export function describeTools(subject: ContractSubject, contract: () => Contract): void {
  describe("tools", () => {
    test("a call is handed out whole, once, with arguments that fit the tool", async () => {
      const parts: StreamPart[] = [];
      for await (const part of contract().stream("[[tool weather]]", { tools })) parts.push(part);
      const calls = parts.flatMap((part) => (part.type === "tool_call" ? [part.call] : []));
      expect(calls).toEqual([
        { id: expect.stringMatching(/./), name: "weather", arguments: expect.any(String) },
      ]);
      expect(JSON.parse(calls[0]?.arguments ?? "")).toMatchObject({ city: "example city" });
      expect(parts.at(-1)).toMatchObject({
        type: "finish",
        generation: { toolCalls: calls, stopReason: "tool_calls", text: "", json: null },
      });
    });

    test("parallel calls keep their order and have ids of their own, also twice the same tool", async () => {
      const { toolCalls } = await contract().generate("[[tool weather clock weather]]", { tools });
      expect(toolCalls.map((call) => call.name)).toEqual(["weather", "clock", "weather"]);
      expect(new Set(toolCalls.map((call) => call.id)).size).toBe(3);
      expect(toolCalls[1]?.arguments).toBe("{}");
    });

    test("text before a call is told as text", async () => {
      const prompt = "[[preface Let me look.]] [[tool weather]]";
      const { text, toolCalls } = await contract().generate(prompt, { tools });
      expect([text, toolCalls.length]).toEqual(["Let me look.", 1]);
    });

    test("a conversation goes on over rounds of calls and results to its answer", async () => {
      const asked = "[[preface Let me look.]] [[tool weather clock]]";
      const first = await contract().generate(asked, { tools });
      const once = [user(asked), ...round(first, ["[[tool weather]]", "noon"])];
      const second = await contract().generate("", { tools, messages: once });
      expect(second.toolCalls.map((call) => call.name)).toEqual(["weather"]);
      const twice = [...once, ...round(second, ["22 degrees"])];
      const third = await contract().generate("", { tools, messages: twice });
      expect(third).toMatchObject({ stopReason: "end", toolCalls: [] });
      expect(third.text).toContain('The tool answered: "22 degrees"');
    });

    test("a failed tool's words reach the model", async () => {
      const first = await contract().generate("[[tool weather]]", { tools });
      const messages = [user("[[tool weather]]"), ...round(first, ["no such city"], true)];
      expect((await contract().generate("", { tools, messages })).text).toContain("no such city");
    });

    test("arguments that are no JSON do not break the next round", async () => {
      const first = await contract().generate("[[tool weather]]", { tools });
      const broken = {
        ...first,
        toolCalls: first.toolCalls.map((call) => ({ ...call, arguments: "{oops" })),
      };
      const messages = [user("[[tool weather]]"), ...round(broken, ["Those are no arguments."], true)];
      expect((await contract().generate("", { tools, messages })).text).toContain("no arguments");
    });

    test("what another provider wants back is not sent to this one", async () => {
      const first = await contract().generate("[[tool weather]]", { tools });
      const provider = subject.provider === "anthropic" ? "google" : "anthropic";
      const continuation = { provider, data: "thoughts-of-another" } as const;
      const messages = [user("[[tool weather]]"), ...round({ ...first, continuation }, ["22 degrees"])];
      await contract().generate("", { tools, messages });
      expect(JSON.stringify(contract().seen)).not.toContain("thoughts-of-another");
    });

    test("calls that are forbidden are not made, though the history has some", async () => {
      const first = await contract().generate("[[tool weather]]", { tools });
      const messages = [user("[[tool weather]]"), ...round(first, ["22 degrees [[tool weather]]"])];
      const last = await contract().generate("", { tools, messages, toolChoice: "none" });
      expect(last).toMatchObject({ toolCalls: [], stopReason: "end" });
      expect(last.text).toContain("22 degrees");
    });

    test("a call that breaks off is never handed out", async () => {
      const types: string[] = [];
      const read = async () => {
        for await (const part of contract().stream("[[truncate]] [[tool weather]]", { tools }))
          types.push(part.type);
      };
      expect(await failureOf(read())).toMatchObject({ code: "INCOMPLETE_STREAM" });
      expect(types).toEqual([]);
    });
  });
}

export function user(text: string): Message {
  return { role: "user", content: [{ type: "text", text }] };
}

/** The model's message, and the results of its calls. */
export function round(
  { text, toolCalls, continuation }: Generation,
  results: readonly string[],
  isError = false,
): Message[] {
  return [
    { role: "assistant", text, toolCalls, continuation },
    {
      role: "tool",
      results: toolCalls.map(({ id, name }, index) => ({
        callId: id,
        name,
        text: results[index] ?? "",
        isError,
      })),
    },
  ];
}
