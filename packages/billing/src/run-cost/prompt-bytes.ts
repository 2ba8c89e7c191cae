import {
  followPath,
  type Plan,
  type PlanBlockOf,
  type Reference,
  renderText,
  type Template,
} from "@gantry/workflow";

/** What a model is given to read: a provider's request, as far as it takes up tokens. */
export interface CallContent {
  readonly system: string | null;
  readonly messages: readonly CallMessage[];
  readonly tools: readonly {
    readonly name: string;
    readonly description: string;
    readonly parameters: JsonObject;
  }[];
  readonly responseSchema: JsonObject | null;
}

type CallMessage =
  | {
      readonly role: "user";
      readonly content: readonly (
        | { readonly type: "text"; readonly text: string }
        | { readonly type: "image" | "pdf" }
      )[];
    }
  | {
      readonly role: "assistant";
      readonly text: string;
      readonly toolCalls: readonly {
        readonly id: string;
        readonly name: string;
        readonly arguments: string;
      }[];
      readonly continuation: { readonly data: unknown } | null;
    }
  | {
      readonly role: "tool";
      readonly results: readonly { readonly callId: string; readonly name: string; readonly text: string }[];
    };

type JsonObject = { readonly [key: string]: unknown };

/**
 * The UTF-8 bytes of an agent block's system, prompt and response schema as they are known from its plan, which bound the
 * tokens of its prompt; null when a text of it needs the run's data or the environment, and for a block with attachments
 * or tools: what those come to is for the run to say. A block with a variable that has no value at its path fails before
 * it calls: that reference adds nothing.
 */
export function promptBytesOf(plan: Plan, block: PlanBlockOf<"agent">): number | null {
  const { system, prompt, attachments, tools } = block.templates;
  if (attachments.length > 0 || tools.length > 0) return null;
  const template: Template = [...(system ?? []), ...prompt];
  if (template.some((part) => typeof part !== "string" && part.kind !== "variable")) return null;
  return bytesOf(textsOf(plan, template, block.block.responseSchema ?? null));
}

/** The same for a call that is about to be made; what is no text counts as many bytes as it may have tokens. */
export function promptBytes(call: CallContent): number {
  return bytesOf(partsOf(call));
}

/** A text, or so many tokens. */
type Part = string | number;

function* partsOf({ system, messages, tools, responseSchema }: CallContent): Iterable<Part> {
  yield system ?? "";
  for (const [index, message] of messages.entries()) {
    // Of the first, the price's own allowance takes care.
    if (index > 0) yield framingTokens;
    yield* messageParts(message);
  }
  for (const tool of tools) {
    yield framingTokens;
    yield* jsonTexts(JSON.stringify(tool));
  }
  if (responseSchema !== null) yield* jsonTexts(JSON.stringify(responseSchema));
}

function* messageParts(message: CallMessage): Iterable<Part> {
  switch (message.role) {
    case "user":
      for (const part of message.content) yield part.type === "text" ? part.text : tokensMax[part.type];
      return;
    case "assistant":
      yield message.text;
      // Thoughts, which are sent back and billed as input.
      if (message.continuation !== null) yield JSON.stringify(message.continuation.data) ?? "";
      for (const call of message.toolCalls) {
        yield framingTokens;
        yield call.id;
        yield call.name;
        yield* jsonTexts(call.arguments);
      }
      return;
    case "tool":
      for (const result of message.results) {
        yield framingTokens;
        yield result.callId;
        yield result.name;
        yield result.text;
      }
  }
}

/** Marks around a message, a tool, its call or its result; models write them as 3 to 30 tokens. */
const framingTokens = 64;

/**
 * - An image: gpt-4o-mini has the most, 2,833 and 5,667 for each of at most 8 tiles, 48,169 in all.
 * - A PDF: its pages are read as text and as images, and nobody tells how many it has; the largest context that is sold
 *   bounds it.
 */
const tokensMax = { image: 50_000, pdf: 1_000_000 } as const;

/**
 * Twice: an SDK writes a schema out before it is sent, measured at 1.3 to 1.8 times its length, short ones apart; and
 * what a provider makes of tools and their arguments is its secret.
 */
function jsonTexts(text: string): readonly string[] {
  return [text, text];
}

function* textsOf(plan: Plan, template: Template, responseSchema: JsonObject | null): Iterable<Part> {
  if (responseSchema !== null) yield* jsonTexts(JSON.stringify(responseSchema));
  for (const part of template) {
    const rendered = renderText([part], (reference) => variableOf(plan, reference));
    if (rendered.ok) yield rendered.value;
  }
}

function variableOf(plan: Plan, reference: Reference) {
  const missing = { ok: false, failure: "missing" } as const;
  if (reference.kind !== "variable" || !Object.hasOwn(plan.variables, reference.name)) return missing;
  const root = plan.variables[reference.name];
  if (root === undefined) return missing;
  const followed = followPath(root, reference);
  return followed.ok ? followed : missing;
}

/** No model's context holds so many tokens: a longer prompt is refused, and need not be counted to its end. */
const countedBytesMax = 32_000_000;
/** In pieces, so that text which grows needs no memory to be counted. */
const pieceChars = 65_536;

function bytesOf(parts: Iterable<Part>): number {
  let bytes = 0;
  for (const part of parts) {
    if (typeof part === "number") {
      bytes += part;
      continue;
    }
    for (let at = 0; at < part.length; at += pieceChars) {
      bytes += pieceBytes(part.slice(at, at + pieceChars));
      if (bytes > countedBytesMax) return bytes;
    }
  }
  return bytes;
}

/**
 * Anthropic's published tokenizer brings text into Unicode's form NFKC first, in which some characters grow: U+FDFA, the
 * worst, from 3 bytes to 33. ASCII is its own NFKC.
 */
function pieceBytes(piece: string): number {
  const bytes = Buffer.byteLength(piece);
  return bytes === piece.length ? bytes : Math.max(bytes, Buffer.byteLength(piece.normalize("NFKC")));
}
