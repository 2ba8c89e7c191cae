import type { Directives } from "./directives.ts";
import { type MessagesRequest, systemText, textOf } from "./messages-protocol.ts";
import { sampleFromSchema } from "./sample-from-schema.ts";
import { tokenize } from "./tokens.ts";

export interface AnswerUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
}

/** One content block, already cut into the chunks in which it is streamed. */
export type AnswerBlock =
  | { readonly type: "text"; readonly chunks: readonly string[] }
  | { readonly type: "tool_use"; readonly name: string; readonly chunks: readonly string[] };

export interface Answer {
  readonly block: AnswerBlock;
  readonly stopReason: "end_turn" | "max_tokens" | "tool_use" | "refusal";
  readonly usage: AnswerUsage;
}

/** Framing that the real API adds to every request and counts as input. */
const framingTokens = 8;

/** What the model says. The same request gives the same answer. */
export function composeAnswer(
  request: MessagesRequest,
  prompt: string,
  directives: Directives,
  defaults: { readonly outputTokens: number | null },
): Answer {
  const tool = forcedTool(request);
  const schema = request.output_config?.format?.schema;
  const chunks =
    tool !== null
      ? tokenize(directives.say ?? JSON.stringify(sampleFromSchema(tool.input_schema)))
      : schema !== undefined
        ? tokenize(directives.say ?? JSON.stringify(sampleFromSchema(schema)))
        : prose(directives.say ?? readableAnswer(request, prompt), {
            outputTokens: directives.outputTokens ?? (directives.say === null ? defaults.outputTokens : null),
          });
  const cut = chunks.length > request.max_tokens;
  const spoken = cut ? chunks.slice(0, request.max_tokens) : chunks;
  return {
    block:
      tool === null
        ? { type: "text", chunks: spoken }
        : { type: "tool_use", name: tool.name, chunks: spoken },
    stopReason:
      directives.fault === "refuse"
        ? "refusal"
        : cut
          ? "max_tokens"
          : tool === null
            ? "end_turn"
            : "tool_use",
    usage: {
      input_tokens: inputTokens(request),
      output_tokens: Math.max(1, spoken.length),
      cache_read_input_tokens: directives.cache.read,
      cache_creation_input_tokens: directives.cache.write,
    },
  };
}

function readableAnswer(request: MessagesRequest, prompt: string): string {
  const question = prompt.length > 240 ? `${prompt.slice(0, 240)}...` : prompt;
  const words = prompt.split(/\s+/).filter((word) => word !== "").length;
  const system = systemText(request).trim();
  return [
    `This is Gantry's local model, standing in for ${request.model}.`,
    question === "" ? "You asked nothing in particular." : `You asked: "${question}"`,
    system === "" ? null : `My instructions begin with: "${system.slice(0, 120)}"`,
    `Your prompt has ${words} ${words === 1 ? "word" : "words"}.`,
    "Configure an Anthropic key to get an answer from the real model.",
  ]
    .filter((line) => line !== null)
    .join(" ");
}

const filler = tokenize(
  " It keeps talking so that you can watch a long answer arrive, one word after the other, as it would from a real model.",
);

/** Shortens or lengthens an answer to a wished number of tokens. */
function prose(text: string, wish: { readonly outputTokens: number | null }): string[] {
  const chunks = tokenize(text);
  if (wish.outputTokens === null) return chunks;
  while (chunks.length < wish.outputTokens) chunks.push(...filler);
  return chunks.slice(0, wish.outputTokens);
}

function forcedTool(request: MessagesRequest) {
  const choice = request.tool_choice;
  if (choice?.type === "tool") return request.tools?.find((tool) => tool.name === choice.name) ?? null;
  return choice?.type === "any" ? (request.tools?.[0] ?? null) : null;
}

function inputTokens(request: MessagesRequest): number {
  const texts = [
    systemText(request),
    ...request.messages.map((message) => textOf(message.content)),
    request.tools === undefined ? "" : JSON.stringify(request.tools),
    request.output_config?.format == null ? "" : JSON.stringify(request.output_config.format.schema),
  ];
  return texts.reduce((sum, text) => sum + tokenize(text).length, framingTokens);
}
