import type { JsonValue, StartInput } from "@gantry/workflow";

/** What stands in the form: text for every input but booleans. */
export type InputText = Readonly<Record<string, string | boolean>>;

export type ParsedInput =
  | { readonly ok: true; readonly input: Record<string, JsonValue> }
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> };

export function initialText(inputs: readonly StartInput[]): InputText {
  return Object.fromEntries(inputs.map((input) => [input.name, initialValue(input)]));
}

/** Reads the form. An optional input that is left empty is left out, so that its default applies. */
export function parseInput(inputs: readonly StartInput[], text: InputText): ParsedInput {
  const input: Record<string, JsonValue> = {};
  const problems: Record<string, string> = {};
  for (const field of inputs) {
    const parsed = parseField(field, text[field.name] ?? "");
    if (parsed.kind === "problem") problems[field.name] = parsed.message;
    if (parsed.kind === "value") input[field.name] = parsed.value;
  }
  return Object.keys(problems).length === 0 ? { ok: true, input } : { ok: false, problems };
}

type ParsedField =
  | { readonly kind: "value"; readonly value: JsonValue }
  | { readonly kind: "left_out" }
  | { readonly kind: "problem"; readonly message: string };

function parseField(field: StartInput, text: string | boolean): ParsedField {
  if (typeof text === "boolean") return { kind: "value", value: text };
  if (text.trim() === "") {
    return field.required && field.default === undefined
      ? { kind: "problem", message: `${field.name} is required.` }
      : { kind: "left_out" };
  }
  if (field.type === "string") return { kind: "value", value: text };
  if (field.type === "number") {
    const value = Number(text);
    return Number.isFinite(value)
      ? { kind: "value", value }
      : { kind: "problem", message: "Enter a number, such as 3 or 0.5." };
  }
  return parseJson(text);
}

function parseJson(text: string): ParsedField {
  try {
    const value: JsonValue = JSON.parse(text);
    return { kind: "value", value };
  } catch (error) {
    return {
      kind: "problem",
      message: `This is not valid JSON. ${error instanceof Error ? error.message : ""}`.trim(),
    };
  }
}

function initialValue({ type, default: value }: StartInput): string | boolean {
  if (type === "boolean") return value === true;
  if (value === undefined) return "";
  return typeof value === "string" && type === "string" ? value : JSON.stringify(value, null, 2);
}
