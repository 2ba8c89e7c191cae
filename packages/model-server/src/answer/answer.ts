/** What a model says, before a wire writes it. */
export interface Answer {
  readonly blocks: readonly AnswerBlock[];
  readonly stopReason: AnswerStop;
  readonly usage: AnswerUsage;
}

/** Cut into the chunks in which it is streamed; joined they are the text, or the JSON of a call's arguments. */
export type AnswerBlock =
  | { readonly type: "text"; readonly chunks: readonly string[] }
  | { readonly type: "tool_call"; readonly name: string; readonly chunks: readonly string[] };

export type ToolCallBlock = Extract<AnswerBlock, { type: "tool_call" }>;

/** `refusal`: the model would not. `filtered`: the provider's filter ended it. */
export type AnswerStop = "end" | "tool_calls" | "max_tokens" | "refusal" | "filtered";

/** In tokens. Wires that count otherwise convert: see where each writes its usage. */
export interface AnswerUsage {
  /** Without what came from the cache or went into it. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** With `reasoning`. */
  readonly output: number;
  readonly reasoning: number;
}

export function textOf(block: AnswerBlock): string {
  return block.chunks.join("");
}

/**
 * The arguments of a call. When `max_tokens` cut them in the middle they are no JSON, and providers report an empty
 * object.
 */
export function argumentsOf(block: ToolCallBlock): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(textOf(block));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The blocks with the number that each call has among the calls. */
export function numberedBlocks(answer: Answer): { readonly block: AnswerBlock; readonly call: number }[] {
  let calls = 0;
  return answer.blocks.map((block) => ({ block, call: block.type === "tool_call" ? calls++ : calls }));
}
