import type { Problem } from "@gantry/workflow";
import { isRecord } from "../../definition/read-definition.ts";

export type ParsedDraft =
  | { readonly ok: true; readonly definition: unknown }
  | { readonly ok: false; readonly problem: Problem };

export function toText(definition: unknown): string {
  return JSON.stringify(definition, null, 2) ?? "";
}

export function parseDraft(text: string): ParsedDraft {
  try {
    return { ok: true, definition: JSON.parse(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    return {
      ok: false,
      problem: { code: "INVALID_SHAPE", path: [], message: `The draft is not valid JSON. ${reason}`.trim() },
    };
  }
}

/** The definition with one field of one block replaced; `undefined` takes the field away. */
export function withField(definition: unknown, blockId: string, field: string, value: unknown): unknown {
  if (!isRecord(definition) || !Array.isArray(definition["blocks"])) return definition;
  const blocks: unknown[] = definition["blocks"];
  return {
    ...definition,
    blocks: blocks.map((block) =>
      isRecord(block) && block["id"] === blockId ? replace(block, field, value) : block,
    ),
  };
}

/** Where a block begins in the text: the place of its id. */
export function findBlock(text: string, blockId: string): number | null {
  const at = text.search(new RegExp(`"id"\\s*:\\s*"${blockId.replace(/[^A-Za-z0-9_-]/g, "\\$&")}"`));
  return at === -1 ? null : at;
}

function replace(block: Record<string, unknown>, field: string, value: unknown): Record<string, unknown> {
  if (value !== undefined) return { ...block, [field]: value };
  return Object.fromEntries(Object.entries(block).filter(([key]) => key !== field));
}
