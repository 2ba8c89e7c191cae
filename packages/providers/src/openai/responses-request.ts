import type { ResponseCreateParamsStreaming, ResponseInputItem } from "openai/resources/responses/responses";
import { InvalidRequest } from "../adapter.ts";
import { strictSchema } from "../chat-completions/strict-schema.ts";
import type { JsonObject } from "../json.ts";
import type { ContentPart, GenerateRequest, Message } from "../port.ts";
import { readThoughts, type Thought } from "./thoughts.ts";

/** The API refuses less. */
const maxTokensMin = 16;

/** The body of a call. Nothing of it is kept at OpenAI: every request holds its whole conversation. */
export function responsesRequest(request: GenerateRequest): ResponseCreateParamsStreaming {
  if (request.maxTokens < maxTokensMin) {
    throw new InvalidRequest(`An answer cannot be limited to fewer than ${maxTokensMin} tokens here.`);
  }
  return {
    model: request.model,
    input: request.messages.flatMap(inputItems),
    stream: true,
    store: false,
    max_output_tokens: request.maxTokens,
    ...(request.system === null ? {} : { instructions: request.system }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map(({ name, description, parameters }) => ({
            type: "function" as const,
            name,
            description,
            parameters: { ...parameters },
            // Said, because strict is the default here, and takes few schemas.
            strict: false,
          })),
          tool_choice: request.toolChoice,
        }),
    ...(request.responseSchema === null ? {} : { text: { format: textFormat(request.responseSchema) } }),
  };
}

function textFormat(schema: JsonObject) {
  const strict = strictSchema(schema);
  return {
    type: "json_schema" as const,
    name: "answer",
    schema: { ...(strict ?? schema) },
    strict: strict !== null,
  };
}

function inputItems(message: Message): ResponseInputItem[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.content.map(contentPart) }];
    case "assistant":
      return assistantItems(message);
    case "tool":
      return message.results.map(({ callId, text }) => ({
        type: "function_call_output",
        call_id: callId,
        output: text,
      }));
  }
}

/** Each thought goes before what it led to: the API refuses a call that comes without the thought it was made with. */
function assistantItems(message: Extract<Message, { role: "assistant" }>): ResponseInputItem[] {
  const thoughts = readThoughts(message.continuation);
  const before = (callId: string | null) =>
    thoughts.filter((thought) => thought.before === callId).map(itemOf);
  return [
    ...before(null),
    ...(message.text === "" ? [] : [{ role: "assistant" as const, content: message.text }]),
    ...message.toolCalls.flatMap(({ id, name, arguments: json }) => [
      ...before(id),
      { type: "function_call" as const, call_id: id, name, arguments: json },
    ]),
  ];
}

function itemOf({ id, summary, encrypted_content }: Thought): ResponseInputItem {
  return { type: "reasoning", id, summary, encrypted_content };
}

function contentPart(part: ContentPart) {
  switch (part.type) {
    case "text":
      return { type: "input_text" as const, text: part.text };
    case "image":
      return {
        type: "input_image" as const,
        detail: "auto" as const,
        image_url: `data:${part.mediaType};base64,${part.base64}`,
      };
    case "pdf":
      return {
        type: "input_file" as const,
        filename: "document.pdf",
        file_data: `data:application/pdf;base64,${part.base64}`,
      };
  }
}
