import { providerNames } from "../../definition/provider-name.ts";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** How a field of a block is edited. What is not here is edited in the text. */
export interface BlockField {
  readonly key: string;
  readonly label: string;
  readonly kind: "line" | "text" | "code" | "number" | "choice" | "flag" | "json";
  readonly choices?: readonly Choice[];
  /** Emptying it takes it away. */
  readonly optional?: boolean;
  readonly hint?: string;
}

const name: BlockField = { key: "name", label: "Name", kind: "line", hint: "References use it: <Name.path>" };
const providers = Object.entries(providerNames).map(([value, label]) => ({ value, label }));
const bindings: BlockField = {
  key: "inputs",
  label: "Inputs",
  kind: "json",
  hint: "Names bound to templates, seen as inputs.name",
};

const fields: Readonly<Record<string, readonly BlockField[]>> = {
  start: [
    name,
    {
      key: "inputs",
      label: "Inputs",
      kind: "json",
      hint: "Each has a name, a type and whether it is required",
    },
  ],
  agent: [
    name,
    { key: "provider", label: "Provider", kind: "choice", choices: providers },
    { key: "model", label: "Model", kind: "line" },
    {
      key: "fallbacks",
      label: "Fallbacks",
      kind: "json",
      optional: true,
      hint: "Models, each with its provider, asked in order when the ones before fail",
    },
    { key: "system", label: "System prompt", kind: "text", optional: true },
    { key: "prompt", label: "Prompt", kind: "text" },
    {
      key: "attachments",
      label: "Attachments",
      kind: "json",
      optional: true,
      hint: "Templates that become data URLs of images or PDFs",
    },
    {
      key: "tools",
      label: "Tools",
      kind: "json",
      optional: true,
      hint: "Of type function, http, workflow or mcp; the model calls them by their names",
    },
    {
      key: "cachePrompt",
      label: "Cache the prompt",
      kind: "flag",
      optional: true,
      hint: "Where many runs share a long system prompt: Claude models then keep it for five minutes",
    },
    {
      key: "temperature",
      label: "Temperature",
      kind: "number",
      optional: true,
      hint: "From 0 to 2; Claude models and Bedrock take up to 1",
    },
    { key: "maxTokens", label: "Max tokens", kind: "number", hint: "Of each answer" },
    {
      key: "responseSchema",
      label: "Response schema",
      kind: "json",
      optional: true,
      hint: "A JSON schema of type object",
    },
  ],
  function: [
    name,
    bindings,
    { key: "code", label: "Code", kind: "code", hint: "The body of a function of one argument, inputs" },
    { key: "timeoutMs", label: "Timeout, ms", kind: "number", optional: true },
  ],
  http: [
    name,
    {
      key: "method",
      label: "Method",
      kind: "choice",
      choices: ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"].map((value) => ({ value, label: value })),
    },
    { key: "url", label: "URL", kind: "line" },
    { key: "headers", label: "Headers", kind: "json" },
    { key: "body", label: "Body", kind: "text", optional: true },
    { key: "timeoutMs", label: "Timeout, ms", kind: "number", optional: true },
  ],
  condition: [
    name,
    bindings,
    { key: "branches", label: "Branches", kind: "json", hint: "The first whose expression is true is taken" },
  ],
  response: [name, { key: "output", label: "Output", kind: "json", hint: "Strings inside are templates" }],
};

export function fieldsOf(type: string): readonly BlockField[] {
  return fields[type] ?? [name];
}

/** With what a draft names although there is no such thing: a control must not show another choice in its place. */
export function choicesWith(text: string, choices: readonly Choice[]): readonly Choice[] {
  if (choices.some(({ value }) => value === text)) return choices;
  return [{ value: text, label: text === "" ? "Choose one" : `${text} (unknown)` }, ...choices];
}

/** What stands in the field's control. */
export function fieldText(value: unknown, kind: BlockField["kind"]): string {
  if (value === undefined) return "";
  return kind === "json" || typeof value !== "string" ? (JSON.stringify(value, null, 2) ?? "") : value;
}

export type FieldValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** The field's value from its control; `undefined` takes an optional field away. */
export function fieldValue(text: string, field: BlockField): FieldValue {
  if (field.optional === true && text.trim() === "") return { ok: true, value: undefined };
  if (field.kind === "flag") return { ok: true, value: text === "true" };
  if (field.kind === "number") {
    const value = Number(text);
    return text.trim() !== "" && Number.isFinite(value)
      ? { ok: true, value }
      : { ok: false, message: "Enter a number." };
  }
  if (field.kind !== "json") return { ok: true, value: text };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, message: "This is not valid JSON yet." };
  }
}
