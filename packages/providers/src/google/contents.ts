import type { Content, Part } from "@google/genai/web";
import { z } from "zod";
import type { ContentPart, GenerateRequest, Message, ToolCall } from "../port.ts";
import { argumentsOf } from "../tool-arguments.ts";
import { isGemini3 } from "./gemini-model.ts";

/** What the API signed of an answer, to be sent back with it. */
const signatures = z.object({
  /** Of its calls, in their order; of parallel ones only the first has one. */
  calls: z.array(z.string().nullable()),
  /** Of its text; it comes with the text's last part. */
  text: z.string().nullable(),
});
export type Signatures = z.infer<typeof signatures>;

/**
 * In place of a signature, for a call that no Gemini model signed: one of another provider's, in a conversation that goes
 * on here. Source: ai.google.dev/gemini-api/docs/thought-signatures.
 */
const unsigned = "skip_thought_signature_validator";

/** The conversation. Models before version 3 know no ids: calls and results belong together by their order there. */
export function contentsOf({ model, messages }: GenerateRequest): Content[] {
  const gemini3 = isGemini3(model);
  return messages.map((message) => contentOf(message, gemini3));
}

function contentOf(message: Message, gemini3: boolean): Content {
  const idOf = (id: string) => (gemini3 ? { id } : {});
  switch (message.role) {
    case "user":
      return { role: "user", parts: filled(message.content.map(userPart)) };
    case "assistant":
      return { role: "model", parts: filled(modelParts(message, gemini3)) };
    case "tool":
      return {
        role: "user",
        parts: message.results.map(({ callId, name, text, isError }) => ({
          functionResponse: { ...idOf(callId), name, response: isError ? { error: text } : { output: text } },
        })),
      };
  }
}

function modelParts(message: Extract<Message, { role: "assistant" }>, gemini3: boolean): Part[] {
  const { text, toolCalls, continuation } = message;
  const signed = continuation?.provider === "google" ? signatures.parse(continuation.data) : null;
  return [
    ...(text === "" ? [] : [{ text }]),
    ...toolCalls.map((call, index) => {
      const signature = signed?.calls[index] ?? (gemini3 && index === 0 ? unsigned : null);
      return callPart(call, gemini3, signature);
    }),
    ...(signed === null || signed.text === null ? [] : [{ text: "", thoughtSignature: signed.text }]),
  ];
}

function callPart(call: ToolCall, gemini3: boolean, thoughtSignature: string | null): Part {
  return {
    functionCall: { ...(gemini3 ? { id: call.id } : {}), name: call.name, args: argumentsOf(call) },
    ...(thoughtSignature === null ? {} : { thoughtSignature }),
  };
}

function userPart(part: ContentPart): Part {
  switch (part.type) {
    case "text":
      return { text: part.text };
    case "image":
      return { inlineData: { mimeType: part.mediaType, data: part.base64 } };
    case "pdf":
      return { inlineData: { mimeType: "application/pdf", data: part.base64 } };
  }
}

/** The API refuses a content without parts. */
function filled(parts: Part[]): Part[] {
  return parts.length === 0 ? [{ text: "" }] : parts;
}
