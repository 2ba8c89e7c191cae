import { z } from "zod";
import { type Ask, base64Bytes, joinTurns, type ToolChoice, type Turn } from "../answer/ask.ts";
import { hasOpenObject } from "../answer/closed-schema.ts";

const text = z.strictObject({
  type: z.literal("text"),
  text: z.string().min(1),
  cache_control: z.unknown().optional(),
  citations: z.unknown().optional(),
});

const attachment = z.looseObject({
  type: z.enum(["image", "document"]),
  source: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("base64"), media_type: z.string(), data: z.base64() }),
    z.strictObject({ type: z.literal("text"), media_type: z.string(), data: z.string() }),
    z.strictObject({ type: z.literal("url"), url: z.url() }),
  ]),
});

const toolUse = z.looseObject({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
});

const toolResult = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.union([text, attachment]))]).optional(),
  is_error: z.boolean().optional(),
});

const thinking = z.looseObject({ type: z.enum(["thinking", "redacted_thinking"]) });

const contentBlock = z.union([text, attachment, toolUse, toolResult, thinking]);
type ContentBlock = z.infer<typeof contentBlock>;

const message = z.strictObject({
  role: z.enum(["user", "assistant"]),
  content: z.union([z.string().min(1), z.array(contentBlock).min(1)]),
});

const jsonSchema = z.record(z.string(), z.unknown());

const tool = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, "1 to 128 letters, digits, '_' or '-'"),
  description: z.string().optional(),
  input_schema: jsonSchema,
  strict: z.boolean().optional(),
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
    cache_control: z.unknown().optional(),
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

export function askOfMessages(request: MessagesRequest): Ask {
  const choice = request.tool_choice;
  return {
    model: request.model,
    stream: request.stream === true,
    instructions: request.system === undefined ? "" : textOf(request.system),
    turns: joinTurns(request.messages.flatMap(turnsOf)),
    tools: (request.tools ?? []).map((tool) => ({ name: tool.name, inputSchema: tool.input_schema })),
    toolChoice: toolChoiceOf(choice),
    parallelTools:
      choice === undefined || choice.type === "none" || choice.disable_parallel_tool_use !== true,
    outputSchema: request.output_config?.format?.schema ?? null,
    maxTokens: request.max_tokens,
  };
}

/** A user's message may hold results and text: they become two turns. */
function turnsOf({ role, content }: z.infer<typeof message>): Turn[] {
  const blocks: readonly ContentBlock[] =
    typeof content === "string" ? [{ type: "text", text: content }] : content;
  if (role === "assistant") {
    const callIds = blocks.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
    return [{ role, text: textOf(blocks), callIds }];
  }
  const results = blocks.flatMap((block) =>
    block.type === "tool_result" ? [{ callId: block.tool_use_id, text: textOf(block.content ?? "") }] : [],
  );
  const attachments = blocks.flatMap((block) =>
    block.type === "image" || block.type === "document" ? [attachmentOf(block)] : [],
  );
  const said = textOf(blocks);
  const user: Turn[] =
    said === "" && attachments.length === 0 && results.length > 0 ? [] : [{ role, text: said, attachments }];
  return results.length === 0 ? user : [{ role: "tools", results }, ...user];
}

function attachmentOf({ type, source }: z.infer<typeof attachment>) {
  if (source.type === "url") return { mediaType: type, bytes: null };
  const bytes = source.type === "base64" ? base64Bytes(source.data) : Buffer.byteLength(source.data);
  return { mediaType: source.media_type, bytes };
}

function textOf(content: string | readonly { readonly type: string }[]): string {
  if (typeof content === "string") return content;
  return content
    .flatMap((block) => ("text" in block && typeof block.text === "string" ? [block.text] : []))
    .join("\n");
}

function toolChoiceOf(choice: MessagesRequest["tool_choice"]): ToolChoice {
  if (choice === undefined) return { kind: "auto" };
  return choice.type === "tool" ? { kind: "tool", name: choice.name } : { kind: choice.type };
}
