import { type Ask, type Attachment, joinTurns, type ToolChoice, type Turn } from "../answer/ask.ts";
import { choiceOf, jsonModeProblem, strictSchemaProblem, toolChoiceProblem } from "./function-tools.ts";
import { attachmentOf } from "./media.ts";
import type { ResponsesContentPart, ResponsesItem, ResponsesRequest } from "./responses-request.ts";

export function askOfResponses(request: ResponsesRequest): Ask {
  const format = request.text?.format;
  const items = itemsOf(request);
  const developer = items.flatMap((item) =>
    "role" in item && isInstruction(item.role) ? [textOf(item.content)] : [],
  );
  return {
    model: request.model,
    stream: request.stream === true,
    instructions: [request.instructions ?? "", ...developer].filter((text) => text !== "").join("\n"),
    turns: joinTurns(items.flatMap(turnsOf)),
    tools: (request.tools ?? []).map((tool) => ({
      name: tool.name,
      inputSchema: tool.parameters ?? { type: "object" },
    })),
    toolChoice: toolChoiceOf(request) ?? { kind: "auto" },
    parallelTools: request.parallel_tool_calls !== false,
    outputSchema:
      format?.type === "json_schema"
        ? format.schema
        : format?.type === "json_object"
          ? { type: "object" }
          : null,
    maxTokens: request.max_output_tokens ?? null,
  };
}

/** What the real API refuses although every field by itself is well formed; null: nothing. */
export function responsesProblem(request: ResponsesRequest): string | null {
  const format = request.text?.format;
  if (format?.type === "json_schema" && format.strict === true) {
    const problem = strictSchemaProblem(format.schema);
    if (problem !== null) return `text.format: ${problem}`;
  }
  for (const tool of request.tools ?? []) {
    const problem = tool.strict === true ? strictSchemaProblem(tool.parameters) : null;
    if (problem !== null) return `function '${tool.name}': ${problem}`;
  }
  if (format?.type === "json_object") {
    const texts = itemsOf(request).map((item) => ("role" in item ? textOf(item.content) : ""));
    const problem = jsonModeProblem([request.instructions ?? "", ...texts]);
    if (problem !== null) return problem;
  }
  return toolChoiceProblem({
    names: (request.tools ?? []).map((tool) => tool.name),
    choice: toolChoiceOf(request),
    saysParallel: false,
  });
}

function toolChoiceOf({ tool_choice: choice }: ResponsesRequest): ToolChoice | null {
  if (choice == null) return null;
  return typeof choice === "string" ? choiceOf(choice) : { kind: "tool", name: choice.name };
}

function itemsOf({ input }: ResponsesRequest): readonly ResponsesItem[] {
  return typeof input === "string" ? [{ role: "user", content: input }] : input;
}

function isInstruction(role: unknown): boolean {
  return role === "system" || role === "developer";
}

function turnsOf(item: ResponsesItem): Turn[] {
  switch (item.type) {
    case "function_call":
      return [{ role: "assistant", text: "", callIds: [item.call_id] }];
    case "function_call_output":
      return [{ role: "tools", results: [{ callId: item.call_id, text: textOf(item.output) }] }];
    case "reasoning":
      return [];
    case "message":
    case undefined: {
      const text = textOf(item.content);
      if (item.role === "assistant") return [{ role: "assistant", text, callIds: [] }];
      return item.role === "user" ? [{ role: "user", text, attachments: attachmentsOf(item.content) }] : [];
    }
  }
}

function attachmentsOf(content: string | readonly ResponsesContentPart[]): Attachment[] {
  if (typeof content === "string") return [];
  return content.flatMap((part) => {
    if (part.type === "input_image") return [attachmentOf(part.image_url, "image")];
    return part.type === "input_file" ? [attachmentOf(part.file_data, "document")] : [];
  });
}

function textOf(content: string | readonly ResponsesContentPart[]): string {
  if (typeof content === "string") return content;
  return content
    .flatMap((part) => (part.type === "input_text" || part.type === "output_text" ? [part.text] : []))
    .join("\n");
}
