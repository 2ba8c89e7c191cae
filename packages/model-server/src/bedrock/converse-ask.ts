import { z } from "zod";
import {
  type Ask,
  type Attachment,
  base64Bytes,
  type JsonSchema,
  joinTurns,
  type ToolChoice,
  type Turn,
} from "../answer/ask.ts";
import { hasOpenObject } from "../answer/closed-schema.ts";
import type { ConverseBlock, ConverseBody } from "./converse-request.ts";

export function askOfConverse(
  body: ConverseBody,
  target: { readonly modelId: string; readonly stream: boolean },
): Ask {
  return {
    model: target.modelId,
    stream: target.stream,
    instructions: (body.system ?? []).flatMap((block) => ("text" in block ? [block.text] : [])).join("\n"),
    turns: joinTurns(body.messages.flatMap((message) => turnsOf(message.role, message.content))),
    tools: (body.toolConfig?.tools ?? []).flatMap((tool) =>
      "toolSpec" in tool ? [{ name: tool.toolSpec.name, inputSchema: tool.toolSpec.inputSchema.json }] : [],
    ),
    toolChoice: toolChoiceOf(body),
    parallelTools: true,
    outputSchema: outputSchemaOf(body),
    maxTokens: body.inferenceConfig?.maxTokens ?? null,
  };
}

/** What the real service refuses although every field by itself is well formed; null: nothing. */
export function converseProblem(body: ConverseBody): string | null {
  if (body.messages[0]?.role !== "user") return "A conversation must start with a user message.";
  const repeated = body.messages.some((message, index) => message.role === body.messages[index - 1]?.role);
  if (repeated) return "A conversation must alternate between user and assistant roles.";

  const blocks = body.messages.flatMap((message) => message.content);
  const toolBlocks = blocks.some((block) => "toolUse" in block || "toolResult" in block);
  if (toolBlocks && body.toolConfig === undefined)
    return "The toolConfig field must be defined when using toolUse and toolResult content blocks.";
  const documentAlone = body.messages.some(
    ({ content }) =>
      content.some((block) => "document" in block) && !content.some((block) => "text" in block),
  );
  if (documentAlone) return "A text block is required when using documents.";

  const format = body.outputConfig?.textFormat?.structure.jsonSchema;
  if (format === undefined) return null;
  const schema = outputSchemaOf(body);
  if (schema === null) return "outputConfig.textFormat: the schema is not a JSON object";
  return hasOpenObject(schema)
    ? "outputConfig.textFormat: for 'object' type, 'additionalProperties' must be explicitly set to false"
    : null;
}

/** The schema comes as text; null: there is none, or it is no JSON object. */
function outputSchemaOf(body: ConverseBody): JsonSchema | null {
  const text = body.outputConfig?.textFormat?.structure.jsonSchema.schema;
  if (text === undefined) return null;
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function toolChoiceOf({ toolConfig }: ConverseBody): ToolChoice {
  const choice = toolConfig?.toolChoice;
  if (choice === undefined || "auto" in choice) return { kind: "auto" };
  return "any" in choice ? { kind: "any" } : { kind: "tool", name: choice.tool.name };
}

/** A user's message may hold results and text: they become two turns. */
function turnsOf(role: "user" | "assistant", blocks: readonly ConverseBlock[]): Turn[] {
  const text = blocks.flatMap((block) => ("text" in block ? [block.text] : [])).join("\n");
  if (role === "assistant") {
    const callIds = blocks.flatMap((block) => ("toolUse" in block ? [block.toolUse.toolUseId] : []));
    return [{ role, text, callIds }];
  }
  const results = blocks.flatMap((block) =>
    "toolResult" in block
      ? [{ callId: block.toolResult.toolUseId, text: block.toolResult.content.map(resultText).join("\n") }]
      : [],
  );
  const attachments = blocks.flatMap(attachmentsOf);
  const user: Turn[] =
    text === "" && attachments.length === 0 && results.length > 0 ? [] : [{ role, text, attachments }];
  return results.length === 0 ? user : [{ role: "tools", results }, ...user];
}

function resultText(part: object): string {
  if ("text" in part && typeof part.text === "string") return part.text;
  return "json" in part ? JSON.stringify(part.json) : "";
}

function attachmentsOf(block: ConverseBlock): Attachment[] {
  const file = "image" in block ? block.image : "document" in block ? block.document : null;
  if (file === null) return [];
  const { source } = file;
  const bytes =
    "bytes" in source ? base64Bytes(source.bytes) : "text" in source ? Buffer.byteLength(source.text) : null;
  return [{ mediaType: file.format ?? "txt", bytes }];
}
