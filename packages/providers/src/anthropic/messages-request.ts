import type { Anthropic } from "@anthropic-ai/sdk";
import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import type { GenerateRequest } from "../port.ts";

/**
 * The body of a call. Always a stream: a long answer that is not streamed gives no sign of life for minutes, and nothing could tell it
 * from a dead connection. Structured output is the API's own, which every Claude model since 4.5 has; the newest refuse forced tools.
 * The API takes closed objects and few keywords, so the SDK moves the others into descriptions; the answer is checked against the
 * whole schema afterwards. Throws when the schema has a part without a type.
 */
export function messagesRequest(request: GenerateRequest): Anthropic.MessageCreateParamsStreaming {
  return {
    model: request.model,
    max_tokens: request.maxTokens,
    stream: true,
    messages: [{ role: "user", content: request.prompt }],
    ...(request.system === null ? {} : { system: request.system }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.responseSchema === null
      ? {}
      : {
          output_config: {
            format: { type: "json_schema", schema: transformJSONSchema(request.responseSchema) },
          },
        }),
  };
}
