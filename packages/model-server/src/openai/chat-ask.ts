import { type Ask, type Attachment, joinTurns, type ToolChoice, type Turn } from "../answer/ask.ts";
import type { ChatContentPart, ChatMessage, ChatRequest } from "./chat-request.ts";
import { choiceOf, jsonModeProblem, strictSchemaProblem, toolChoiceProblem } from "./function-tools.ts";
import { attachmentOf } from "./media.ts";

export function askOfChat(request: ChatRequest): Ask {
  const format = request.response_format;
  return {
    model: request.model,
    stream: request.stream === true,
    instructions: instructionsOf(request).join("\n"),
    turns: joinTurns(request.messages.flatMap(turnsOf)),
    tools: toolsOf(request),
    toolChoice: toolChoiceOf(request) ?? { kind: "auto" },
    parallelTools: request.parallel_tool_calls !== false,
    outputSchema:
      format?.type === "json_schema"
        ? (format.json_schema.schema ?? {})
        : format?.type === "json_object"
          ? { type: "object" }
          : null,
    maxTokens: request.max_completion_tokens ?? request.max_tokens ?? null,
  };
}

/** What the real API refuses although every field by itself is well formed; null: nothing. */
export function chatProblem(request: ChatRequest): string | null {
  const format = request.response_format;
  if (/^(o\d|gpt-5)/.test(request.model) && request.max_tokens != null) {
    return "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
  }
  if (format?.type === "json_schema" && format.json_schema.strict === true) {
    const problem = strictSchemaProblem(format.json_schema.schema);
    if (problem !== null) return `response_format: ${problem}`;
  }
  for (const { function: offered } of request.tools ?? []) {
    const problem = offered.strict === true ? strictSchemaProblem(offered.parameters) : null;
    if (problem !== null) return `function '${offered.name}': ${problem}`;
  }
  if (format?.type === "json_object") {
    const problem = jsonModeProblem(request.messages.map((message) => textOf(message.content)));
    if (problem !== null) return problem;
  }
  return toolChoiceProblem({
    names: toolsOf(request).map((tool) => tool.name),
    choice: toolChoiceOf(request),
    saysParallel: request.parallel_tool_calls != null,
  });
}

function toolsOf(request: ChatRequest): Ask["tools"] {
  return (request.tools ?? []).map(({ function: offered }) => ({
    name: offered.name,
    inputSchema: offered.parameters ?? { type: "object" },
  }));
}

function toolChoiceOf({ tool_choice: choice }: ChatRequest): ToolChoice | null {
  if (choice == null) return null;
  return typeof choice === "string" ? choiceOf(choice) : { kind: "tool", name: choice.function.name };
}

function instructionsOf(request: ChatRequest): string[] {
  return request.messages.flatMap((message) =>
    message.role === "system" || message.role === "developer" ? [textOf(message.content)] : [],
  );
}

function turnsOf(message: ChatMessage): Turn[] {
  switch (message.role) {
    case "system":
    case "developer":
      return [];
    case "user":
      return [{ role: "user", text: textOf(message.content), attachments: attachmentsOf(message.content) }];
    case "assistant":
      return [
        {
          role: "assistant",
          text: textOf(message.content),
          callIds: (message.tool_calls ?? []).map((call) => call.id),
        },
      ];
    case "tool":
      return [{ role: "tools", results: [{ callId: message.tool_call_id, text: textOf(message.content) }] }];
  }
}

function attachmentsOf(content: string | readonly ChatContentPart[]): Attachment[] {
  if (typeof content === "string") return [];
  return content.flatMap((part) => {
    if (part.type === "image_url") return [attachmentOf(part.image_url.url, "image")];
    return part.type === "file" ? [attachmentOf(part.file.file_data, "document")] : [];
  });
}

function textOf(content: string | readonly ChatContentPart[] | null | undefined): string {
  if (content == null || typeof content === "string") return content ?? "";
  return content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
