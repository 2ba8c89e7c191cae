import type { ContentBlock, ImageFormat } from "@aws-sdk/client-bedrock-runtime";
import { z } from "zod";
import type { ContentPart, ImageMediaType, Message, ToolCall, ToolResult } from "../port.ts";
import { argumentsOf } from "../tool-arguments.ts";
import { documentOf } from "./document-of.ts";

export interface ConverseMessagesOptions {
  /** False: calls and results go as text, for Bedrock takes them as such only from a request that offers tools. */
  readonly toolBlocks: boolean;
  /** The model takes a result's `status`. */
  readonly toolResultStatus: boolean;
}

/** A conversation as Converse takes it: user and assistant in turns, so that results and what follows them become one message. */
export function converseMessages(
  messages: readonly Message[],
  options: ConverseMessagesOptions,
): { role: "user" | "assistant"; content: ContentBlock[] }[] {
  const turns: { role: "user" | "assistant"; content: ContentBlock[] }[] = [];
  let documents = 0;
  const nextDocument = () => {
    documents += 1;
    return documents;
  };
  for (const message of messages) {
    const role = message.role === "assistant" ? "assistant" : "user";
    const content = contentOf(message, options, nextDocument);
    // The service refuses a message without content; the turns beside it become one.
    if (content.length === 0) continue;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  return turns;
}

function contentOf(
  message: Message,
  options: ConverseMessagesOptions,
  nextDocument: () => number,
): ContentBlock[] {
  switch (message.role) {
    case "user":
      return message.content.flatMap((part) => userBlocks(part, nextDocument));
    case "assistant":
      return options.toolBlocks
        ? [...thoughtsOf(message), ...textBlocks(message.text), ...message.toolCalls.map(toolUse)]
        : textBlocks([message.text, ...message.toolCalls.map(callAsText)].filter(isSaid).join("\n"));
    case "tool":
      return options.toolBlocks
        ? message.results.map((result) => toolResult(result, options))
        : textBlocks(message.results.map(resultAsText).join("\n"));
  }
}

function userBlocks(part: ContentPart, nextDocument: () => number): ContentBlock[] {
  switch (part.type) {
    case "text":
      return textBlocks(part.text);
    case "image":
      return [{ image: { format: imageFormats[part.mediaType], source: { bytes: bytesOf(part.base64) } } }];
    case "pdf":
      // The model sees the name, no two may have the same, and a dot is refused.
      return [
        {
          document: {
            format: "pdf",
            name: `Document ${nextDocument()}`,
            source: { bytes: bytesOf(part.base64) },
          },
        },
      ];
  }
}

const imageFormats: Readonly<Record<ImageMediaType, ImageFormat>> = {
  "image/png": "png",
  "image/jpeg": "jpeg",
  "image/gif": "gif",
  "image/webp": "webp",
};

function bytesOf(base64: string): Uint8Array {
  return Buffer.from(base64, "base64");
}

/** The service refuses blank text. */
function textBlocks(text: string): ContentBlock[] {
  return isSaid(text) ? [{ text }] : [];
}

function isSaid(text: string): boolean {
  return text.trim() !== "";
}

const signed = z.object({ text: z.string(), signature: z.string() });
const redacted = z.object({ redactedBase64: z.string() });
const thoughts = z.array(z.union([signed, redacted]));
/** Thoughts that the provider wants back in the next round. */
export type Thoughts = z.infer<typeof thoughts>;

function thoughtsOf({ continuation }: Extract<Message, { role: "assistant" }>): ContentBlock[] {
  const kept = continuation?.provider === "bedrock" ? thoughts.parse(continuation.data) : [];
  return kept.map((thought) => ({
    reasoningContent:
      "signature" in thought
        ? { reasoningText: thought }
        : { redactedContent: bytesOf(thought.redactedBase64) },
  }));
}

function toolUse(call: ToolCall): ContentBlock {
  return { toolUse: { toolUseId: call.id, name: call.name, input: documentOf(argumentsOf(call)) } };
}

function toolResult(
  { callId, text, isError }: ToolResult,
  { toolResultStatus }: ConverseMessagesOptions,
): ContentBlock {
  return {
    toolResult: {
      toolUseId: callId,
      content: [{ text: isSaid(text) ? text : "(nothing)" }],
      ...(isError && toolResultStatus ? { status: "error" as const } : {}),
    },
  };
}

function callAsText({ name, arguments: json }: ToolCall): string {
  return `(The tool ${name} was called with ${json}.)`;
}

function resultAsText({ name, text, isError }: ToolResult): string {
  return `(The tool ${name} ${isError ? "failed" : "answered"}: ${text})`;
}
