import {
  followPath,
  type JsonValue,
  type Plan,
  type PlanBlockOf,
  type Reference,
  renderText,
  type Template,
} from "@gantry/workflow";

/** What a model is given to read. */
export interface CallTexts {
  readonly system: string | null;
  readonly prompt: string;
  readonly responseSchema: Readonly<Record<string, JsonValue>> | null;
}

/**
 * The UTF-8 bytes of an agent block's system, prompt and response schema as they are known from its plan, which bound the
 * tokens of its prompt; null when a text of it needs the run's data or the environment. A block with a variable that has
 * no value at its path fails before it calls: that reference adds nothing.
 */
export function promptBytesOf(plan: Plan, block: PlanBlockOf<"agent">): number | null {
  const { system, prompt } = block.templates;
  const template: Template = [...(system ?? []), ...prompt];
  if (template.some((part) => typeof part !== "string" && part.kind !== "variable")) return null;
  return bytesOf(textsOf(plan, template, block.block.responseSchema ?? null));
}

/** The same for a call that is about to be made. */
export function promptBytes({ system, prompt, responseSchema }: CallTexts): number {
  return bytesOf([system ?? "", prompt, ...schemaTexts(responseSchema)]);
}

/** Twice: the SDK writes a schema out before it is sent, measured at 1.3 to 1.8 times its length, short ones apart. */
function schemaTexts(responseSchema: CallTexts["responseSchema"]): string[] {
  if (responseSchema === null) return [];
  const text = JSON.stringify(responseSchema);
  return [text, text];
}

function* textsOf(plan: Plan, template: Template, responseSchema: CallTexts["responseSchema"]) {
  yield* schemaTexts(responseSchema);
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

function bytesOf(texts: Iterable<string>): number {
  let bytes = 0;
  for (const text of texts) {
    for (let at = 0; at < text.length; at += pieceChars) {
      bytes += pieceBytes(text.slice(at, at + pieceChars));
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
