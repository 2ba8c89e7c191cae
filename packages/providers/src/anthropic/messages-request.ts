import type { Anthropic } from "@anthropic-ai/sdk";
import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import { z } from "zod";
import { InvalidRequest } from "../adapter.ts";
import type { ContentPart, GenerateRequest, Message, ProviderId, ToolCall } from "../port.ts";
import { argumentsOf } from "../tool-arguments.ts";

/**
 * The body of a call. Structured output is the API's own, which every Claude model since 4.5 has; the newest refuse forced tools.
 * The API takes closed objects and few keywords, so the SDK moves the others into descriptions; the answer is checked against the
 * whole schema afterwards. A conversation with tools is marked for the prompt cache, since each of its rounds sends all of the
 * rounds before; a mark costs nothing where the prompt is too short to be cached.
 */
export function messagesRequest(
  provider: ProviderId,
  request: GenerateRequest,
): Anthropic.MessageCreateParamsStreaming {
  const mark = { cache_control: { type: "ephemeral" as const } };
  return {
    model: request.model,
    max_tokens: request.maxTokens,
    stream: true,
    ...(request.tools.length > 0 ? mark : {}),
    messages: request.messages.map((message) => messageParam(provider, message)),
    ...(request.system === null
      ? {}
      : { system: [{ type: "text", text: request.system, ...(request.cachePrompt ? mark : {}) }] }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map(({ name, description, parameters }) => ({
            name,
            description,
            input_schema: { ...parameters, type: "object" as const },
          })),
          tool_choice: { type: request.toolChoice },
        }),
    ...(request.responseSchema === null
      ? {}
      : { output_config: { format: { type: "json_schema", schema: closedSchema(request.responseSchema) } } }),
  };
}

export function closedSchema(schema: NonNullable<GenerateRequest["responseSchema"]>) {
  try {
    return transformJSONSchema(schema);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new InvalidRequest(`The response schema cannot be used: ${problem}.`);
  }
}

function messageParam(provider: ProviderId, message: Message): Anthropic.MessageParam {
  switch (message.role) {
    case "user":
      return { role: "user", content: message.content.map(contentParam) };
    case "assistant":
      return { role: "assistant", content: [...thoughtsOf(provider, message), ...saidBy(message)] };
    case "tool":
      return {
        role: "user",
        content: message.results.map(({ callId, text, isError }) => ({
          type: "tool_result",
          tool_use_id: callId,
          content: text,
          is_error: isError,
        })),
      };
  }
}

function contentParam(part: ContentPart): Anthropic.ContentBlockParam {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "image":
      return { type: "image", source: { type: "base64", media_type: part.mediaType, data: part.base64 } };
    case "pdf":
      return {
        type: "document",
        source: { type: "base64", media_type: "application/pdf", data: part.base64 },
      };
  }
}

const thinking = z.object({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() });
const redacted = z.object({ type: z.literal("redacted_thinking"), data: z.string() });
const thoughts = z.array(z.union([thinking, redacted]));
export type Thoughts = z.infer<typeof thoughts>;

/** The API wants the signed thoughts before a tool call back as they were, or refuses the next round. */
function thoughtsOf(
  provider: ProviderId,
  { continuation }: Extract<Message, { role: "assistant" }>,
): Thoughts {
  return continuation?.provider === provider ? thoughts.parse(continuation.data) : [];
}

/** The API refuses empty text. */
function saidBy({ text, toolCalls }: Extract<Message, { role: "assistant" }>): Anthropic.ContentBlockParam[] {
  return [...(text === "" ? [] : [{ type: "text" as const, text }]), ...toolCalls.map(toolUse)];
}

function toolUse(call: ToolCall): Anthropic.ToolUseBlockParam {
  return { type: "tool_use", id: call.id, name: call.name, input: argumentsOf(call) };
}
