import type { JsonObject } from "../json.ts";
import type { GenerateRequest, ToolDefinition } from "../port.ts";
import { type ChatMessage, chatMessages } from "./chat-messages.ts";
import type { ChatDialect } from "./dialect.ts";
import { strictSchema } from "./strict-schema.ts";

/** The body of a call, as far as all dialects take it. */
export type ChatBody = {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: true;
  readonly stream_options?: { readonly include_usage: true };
  readonly temperature?: number;
  readonly tools?: readonly { readonly type: "function"; readonly function: ToolDefinition }[];
  readonly tool_choice?: "auto" | "none";
  readonly response_format?: ResponseFormat;
} & { readonly [limit in "max_tokens" | "max_completion_tokens"]?: number };

interface ResponseFormat {
  readonly type: "json_schema";
  readonly json_schema: { readonly name: string; readonly schema: JsonObject; readonly strict?: boolean };
}

export function chatRequest(dialect: ChatDialect, request: GenerateRequest): ChatBody {
  const format = responseFormat(dialect, request);
  const inPrompt = format === null && request.responseSchema !== null ? request.responseSchema : null;
  return {
    model: request.model,
    messages: chatMessages(dialect, request, inPrompt),
    stream: true,
    ...(dialect.streamOptions ? { stream_options: { include_usage: true } } : {}),
    [dialect.tokenLimit(request.model)]: request.maxTokens,
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.tools.length === 0
      ? {}
      : {
          tools: request.tools.map((tool) => ({ type: "function", function: tool })),
          tool_choice: request.toolChoice,
        }),
    ...(format === null ? {} : { response_format: format }),
  };
}

/** Null: none is asked for, or the system text has to do. */
function responseFormat(
  { responseSchema: way }: ChatDialect,
  { responseSchema: schema, tools }: GenerateRequest,
): ResponseFormat | null {
  if (schema === null || tools.length > 0 || way === "prompt") return null;
  if (way === "any") return format({ schema });
  const strict = strictSchema(schema);
  return strict === null ? format({ schema, strict: false }) : format({ schema: strict, strict: true });
}

function format(asked: Omit<ResponseFormat["json_schema"], "name">): ResponseFormat {
  return { type: "json_schema", json_schema: { name: "answer", ...asked } };
}
