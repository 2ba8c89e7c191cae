import { InvalidRequest } from "../adapter.ts";
import type { JsonObject } from "../json.ts";
import type { ContentPart, GenerateRequest, Message } from "../port.ts";
import { reasoningParam } from "./chat-reasoning.ts";
import type { ChatDialect } from "./dialect.ts";

export type ChatMessage =
  | { readonly role: "system"; readonly content: string }
  | { readonly role: "user"; readonly content: string | readonly ChatPart[] }
  | {
      readonly role: "assistant";
      readonly content: string | null;
      readonly tool_calls?: readonly ChatToolCall[];
      readonly reasoning?: string;
      readonly reasoning_content?: string;
    }
  | { readonly role: "tool"; readonly tool_call_id: string; readonly content: string };

type ChatPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image_url"; readonly image_url: { readonly url: string } }
  | { readonly type: "file"; readonly file: { readonly filename: string; readonly file_data: string } };

interface ChatToolCall {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: string };
}

/** The conversation. `schemaInPrompt`: the schema of the answer, where nothing but the system text can say it. */
export function chatMessages(
  dialect: ChatDialect,
  request: GenerateRequest,
  schemaInPrompt: JsonObject | null,
): readonly ChatMessage[] {
  const system = [
    ...(request.system === null ? [] : [request.system]),
    ...(schemaInPrompt === null ? [] : [schemaText(schemaInPrompt)]),
  ].join("\n\n");
  return [
    ...(system === "" ? [] : [{ role: "system" as const, content: system }]),
    ...request.messages.flatMap((message) => messageParams(dialect, message)),
  ];
}

function schemaText(schema: JsonObject): string {
  return `Your final answer is a JSON object and nothing else: no code fence, no word before or after it. It satisfies this JSON schema: ${JSON.stringify(schema)}`;
}

function messageParams(dialect: ChatDialect, message: Message): ChatMessage[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: userContent(dialect, message.content) }];
    case "assistant":
      return [assistantParam(dialect, message)];
    case "tool":
      return message.results.map(({ callId, text }) => ({
        role: "tool",
        tool_call_id: callId,
        content: text,
      }));
  }
}

function assistantParam(
  { provider }: ChatDialect,
  message: Extract<Message, { role: "assistant" }>,
): ChatMessage {
  const { text, toolCalls } = message;
  if (toolCalls.length === 0) return { role: "assistant", content: text };
  return {
    role: "assistant",
    content: text === "" ? null : text,
    tool_calls: toolCalls.map(({ id, name, arguments: json }) => ({
      id,
      type: "function",
      function: { name, arguments: sendable(json) },
    })),
    ...reasoningParam(provider, message),
  };
}

/** Servers parse the arguments of earlier calls, and some answer 400 or 500 to what the model got wrong. */
function sendable(json: string): string {
  try {
    JSON.parse(json);
    return json;
  } catch {
    return "{}";
  }
}

/** Text alone goes as one string: the templates of many open models take nothing else. */
function userContent(dialect: ChatDialect, parts: readonly ContentPart[]): string | ChatPart[] {
  const texts = parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
  return texts.length === parts.length ? texts.join("\n") : parts.map((part) => contentPart(dialect, part));
}

function contentPart({ name, pdf }: ChatDialect, part: ContentPart): ChatPart {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "image":
      return { type: "image_url", image_url: { url: `data:${part.mediaType};base64,${part.base64}` } };
    case "pdf":
      if (!pdf) throw new InvalidRequest(`${name} does not take PDF documents.`);
      return {
        type: "file",
        file: { filename: "document.pdf", file_data: `data:application/pdf;base64,${part.base64}` },
      };
  }
}
