import type { BlockType, JsonValue } from "./definition.ts";

export interface TemplateText {
  /** Relative to the block. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Stands for every item of a list. */
const each = Symbol("each");

/** The places of each block in which every string is a template. */
const templatePlaces: Readonly<Record<BlockType, readonly (readonly (string | typeof each)[])[]>> = {
  start: [],
  agent: [
    ["system"],
    ["prompt"],
    ["attachments"],
    ["tools", each, "url"],
    ["tools", each, "headers"],
    ["tools", each, "server", "url"],
    ["tools", each, "server", "headers"],
  ],
  function: [["inputs"]],
  http: [["url"], ["headers"], ["body"]],
  condition: [["inputs"]],
  response: [["output"]],
};

/** Every template of a block. It reads raw fields, so that a block whose shape is wrong elsewhere still has them. */
export function templateTexts(
  type: BlockType,
  fields: { readonly [key: string]: JsonValue },
): readonly TemplateText[] {
  const found: TemplateText[] = [];
  for (const place of templatePlaces[type]) {
    descend(fields, place, [], found);
  }
  return found;
}

function descend(
  value: JsonValue | undefined,
  [step, ...deeper]: readonly (string | typeof each)[],
  path: TemplateText["path"],
  found: TemplateText[],
): void {
  if (step === undefined) {
    collect(value, path, found);
  } else if (typeof value !== "object" || value === null) {
    return;
  } else if (step === each) {
    for (const [index, item] of Array.isArray(value) ? value.entries() : []) {
      descend(item, deeper, [...path, index], found);
    }
  } else if (!Array.isArray(value) && Object.hasOwn(value, step)) {
    descend(value[step], deeper, [...path, step], found);
  }
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
