import { z } from "zod";
import { functionName, jsonSchema } from "./function-tools.ts";
import { mediaUrl } from "./media.ts";

const textPart = z.looseObject({ type: z.literal("text"), text: z.string() });
const textContent = z.union([z.string(), z.array(textPart)]);

const contentPart = z.discriminatedUnion("type", [
  textPart,
  z.looseObject({
    type: z.literal("image_url"),
    image_url: z.strictObject({ url: mediaUrl, detail: z.enum(["auto", "low", "high"]).nullish() }),
  }),
  z.looseObject({
    type: z.literal("file"),
    file: z.strictObject({ file_data: mediaUrl, filename: z.string().optional() }),
  }),
]);
export type ChatContentPart = z.infer<typeof contentPart>;

const toolCall = z.looseObject({
  id: z.string(),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
});

const message = z.discriminatedUnion("role", [
  z.looseObject({ role: z.enum(["system", "developer"]), content: textContent }),
  z.looseObject({ role: z.literal("user"), content: z.union([z.string(), z.array(contentPart).min(1)]) }),
  z.looseObject({
    role: z.literal("assistant"),
    content: textContent.nullish(),
    refusal: z.string().nullish(),
    tool_calls: z.array(toolCall).min(1).nullish(),
  }),
  z.looseObject({ role: z.literal("tool"), tool_call_id: z.string(), content: textContent }),
]);
export type ChatMessage = z.infer<typeof message>;

const tool = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({
    name: functionName,
    description: z.string().nullish(),
    parameters: jsonSchema.nullish(),
    strict: z.boolean().nullish(),
  }),
});

const toolChoice = z.union([
  z.enum(["none", "auto", "required"]),
  z.strictObject({ type: z.literal("function"), function: z.strictObject({ name: z.string() }) }),
]);

const responseFormat = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text") }),
  z.strictObject({ type: z.literal("json_object") }),
  z.strictObject({
    type: z.literal("json_schema"),
    json_schema: z.strictObject({
      name: functionName,
      description: z.string().nullish(),
      schema: jsonSchema.nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
]);

/** Taken and without effect. */
const ignored = z.unknown().optional();

/**
 * The part of chat completions that the server answers: what OpenAI's, Groq's and Cerebras' SDKs can say, without
 * audio and without the older functions. What it does not know it refuses, as OpenAI does.
 */
export const chatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() })
    .nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  n: z.literal(1).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: responseFormat.nullish(),
  reasoning_effort: z.string().nullish(),

  citation_options: ignored,
  clear_thinking: ignored,
  disable_reasoning: ignored,
  disable_tool_validation: ignored,
  frequency_penalty: ignored,
  include_reasoning: ignored,
  logit_bias: ignored,
  logprobs: ignored,
  metadata: ignored,
  min_completion_tokens: ignored,
  min_tokens: ignored,
  model_parameters: ignored,
  moderation: ignored,
  prediction: ignored,
  presence_penalty: ignored,
  prompt_cache_key: ignored,
  prompt_cache_options: ignored,
  prompt_cache_retention: ignored,
  reasoning_format: ignored,
  safety_identifier: ignored,
  seed: ignored,
  service_tier: ignored,
  stop: ignored,
  store: ignored,
  top_logprobs: ignored,
  user: ignored,
  verbosity: ignored,
});

export type ChatRequest = z.infer<typeof chatRequest>;
