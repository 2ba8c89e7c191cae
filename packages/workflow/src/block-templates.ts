import type { BlockType, JsonValue } from "./definition.ts";

export interface TemplateText {
  /** Relative to the block. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** The fields of each block in which every string is a template. */
const templateFields: Readonly<Record<BlockType, readonly string[]>> = {
  start: [],
  agent: ["system", "prompt"],
  function: ["inputs"],
  http: ["url", "headers", "body"],
  condition: ["inputs"],
  response: ["output"],
};

/** Every template of a block. It reads raw fields, so that a block whose shape is wrong elsewhere still has them. */
export function templateTexts(
  type: BlockType,
  fields: { readonly [key: string]: JsonValue },
): readonly TemplateText[] {
  const found: TemplateText[] = [];
  for (const name of templateFields[type]) {
    if (Object.hasOwn(fields, name)) {
      collect(fields[name], [name], found);
    }
  }
  return found;
}

function collect(value: JsonValue | undefined, path: TemplateText["path"], found: TemplateText[]): void {
  if (typeof value === "string") {
    found.push({ path, text: value });
  } else if (typeof value === "object" && value !== null) {
    const parts = Array.isArray(value) ? value.entries() : Object.entries(value);
    for (const [step, part] of parts) {
      collect(part, [...path, step], found);
    }
  }
}
