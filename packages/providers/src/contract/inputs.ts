import { describe, expect, test } from "vitest";
import type { ContentPart, GenerateRequest, Message } from "../port.ts";
import { failureOf } from "../testing/providers-fixture.ts";
import type { Contract } from "./contract-fixture.ts";
import type { ContractSubject } from "./contract-subject.ts";

const image =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const pdf = Buffer.from("%PDF-1.4\n%%EOF\n").toString("base64");

const attachments: readonly (readonly [keyof ContractSubject, ContentPart, said: RegExp])[] = [
  ["takesImages", { type: "image", mediaType: "image/png", base64: image }, /(image\/)?png of 70 bytes/],
  ["takesPdf", { type: "pdf", base64: pdf }, /(application\/)?pdf of 15 bytes/],
];

export function describeInputs(subject: ContractSubject, contract: () => Contract): void {
  describe("what is asked", () => {
    test("the system prompt reaches the model as such", async () => {
      const { text } = await contract().generate("hello", { system: "Be brief." });
      expect(text).toContain('My instructions begin with: "Be brief."');
    });

    test("the temperature is sent, and none is when none was asked for", async () => {
      await contract().generate("hello", { temperature: 0.25 });
      await contract().generate("hello");
      const [asked, unasked] = contract().seen.map(({ body }) => JSON.stringify(body));
      expect(asked).toContain('"temperature":0.25');
      expect(unasked).not.toContain("temperature");
    });

    test("a conversation is told whole, and its last message is answered", async () => {
      const messages: readonly Message[] = [
        ask("What is a lease?"),
        { role: "assistant", text: "A slot that expires.", toolCalls: [], continuation: null },
        ask("And a hold?"),
      ];
      const { text } = await contract().generate("", { messages });
      expect(text).toContain('You asked: "And a hold?"');
      const sent = JSON.stringify(contract().seen[0]?.body);
      expect(sent).toContain("What is a lease?");
      expect(sent).toContain("A slot that expires.");
    });

    test("text in several parts is asked as one question", async () => {
      const messages = [ask("One question", "in two parts")];
      const { text } = await contract().generate("", { messages });
      expect(text).toContain("Your prompt has 5 words.");
    });

    const taken = attachments.filter(([able]) => subject[able] === true);
    const refused = attachments.filter(([able]) => subject[able] !== true);

    test.each(taken)("%s: it arrives whole, beside the text", async (_able, part, said) => {
      const { text } = await contract().generate("", withAttachment(part));
      expect(text).toMatch(said);
      expect(text).toContain('You asked: "What is this?"');
    });

    test.each(refused)("not %s: it is refused in a sentence before anything is sent", async (_able, part) => {
      const failure = await failureOf(contract().generate("", withAttachment(part)));
      expect(failure).toMatchObject({ code: "INVALID_REQUEST", phase: "before_request", retryable: false });
      expect(failure.message).toMatch(part.type === "pdf" ? /PDF/ : /image/);
      expect(contract().server.stats().requests).toBe(0);
    });
  });
}

function ask(...texts: readonly string[]): Message {
  return { role: "user", content: texts.map((text) => ({ type: "text", text })) };
}

function withAttachment(part: ContentPart): Partial<GenerateRequest> {
  return { messages: [{ role: "user", content: [{ type: "text", text: "What is this?" }, part] }] };
}
