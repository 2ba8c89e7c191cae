import { z } from "zod";

const contentBlock = z.union([
  z.strictObject({ type: z.literal("text"), text: z.string().min(1), cache_control: z.unknown().optional() }),
  z.looseObject({ type: z.enum(["image", "document", "tool_use", "tool_result", "thinking"]) }),
]);

const message = z.strictObject({
  role: z.enum(["user", "assistant"]),
  content: z.union([z.string().min(1), z.array(contentBlock).min(1)]),
});

const jsonSchema = z.record(z.string(), z.unknown());

const tool = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, "1 to 128 letters, digits, '_' or '-'"),
  description: z.string().optional(),
  input_schema: jsonSchema,
  cache_control: z.unknown().optional(),
});

const toolChoice = z.discriminatedUnion("type", [
  z.strictObject({ type: z.enum(["auto", "any"]), disable_parallel_tool_use: z.boolean().optional() }),
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({
    type: z.literal("tool"),
    name: z.string(),
    disable_parallel_tool_use: z.boolean().optional(),
  }),
]);

/** The part of the Messages API that the server answers. What it does not know it refuses, as the real API does. */
export const messagesRequest = z
  .strictObject({
    model: z.string().min(1),
    max_tokens: z.int().min(1),
    messages: z.array(message).min(1),
    system: z
      .union([z.string(), z.array(z.looseObject({ type: z.literal("text"), text: z.string() }))])
      .optional(),
    temperature: z.number().min(0).max(1).optional(),
    top_p: z.number().min(0).max(1).optional(),
    top_k: z.int().min(0).optional(),
    stop_sequences: z.array(z.string()).optional(),
    stream: z.boolean().optional(),
    tools: z.array(tool).optional(),
    tool_choice: toolChoice.optional(),
    output_config: z
      .strictObject({
        effort: z.enum(["low", "medium", "high", "xhigh", "max"]).nullish(),
        format: z.strictObject({ type: z.literal("json_schema"), schema: jsonSchema }).nullish(),
      })
      .optional(),
    thinking: z.unknown().optional(),
    metadata: z.unknown().optional(),
    service_tier: z.string().optional(),
  })
  .superRefine((request, context) => {
    const choice = request.tool_choice;
    if (choice?.type === "tool" && !request.tools?.some((tool) => tool.name === choice.name)) {
      context.addIssue({
        code: "custom",
        path: ["tool_choice", "name"],
        message: `no tool is named '${choice.name}'`,
      });
    }
    const schema = request.output_config?.format?.schema;
    if (schema !== undefined && hasOpenObject(schema)) {
      context.addIssue({
        code: "custom",
        path: ["output_config", "format", "schema"],
        message: "for 'object' type, 'additionalProperties' must be explicitly set to false",
      });
    }
  });

export type MessagesRequest = z.infer<typeof messagesRequest>;

/** The text of the newest user message, where directives are looked for. */
export function newestUserText(request: MessagesRequest): string {
  const newest = request.messages.findLast((message) => message.role === "user");
  return newest === undefined ? "" : textOf(newest.content);
}

export function systemText(request: MessagesRequest): string {
  return request.system === undefined ? "" : textOf(request.system);
}

export function textOf(content: string | readonly { readonly type: string }[]): string {
  if (typeof content === "string") return content;
  return content
    .flatMap((block) => ("text" in block && typeof block.text === "string" ? [block.text] : []))
    .join("\n");
}

/** The real API takes only closed objects as an output format, so a client that forgets to close them must fail here too. */
function hasOpenObject(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(hasOpenObject);
  if (typeof schema !== "object" || schema === null) return false;
  if ("type" in schema && schema.type === "object") {
    if (!("additionalProperties" in schema) || schema.additionalProperties !== false) return true;
  }
  return Object.values(schema).some(hasOpenObject);
}
