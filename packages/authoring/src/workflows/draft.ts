import { type Problem, validate } from "@gantry/workflow";

/** A draft may be wrong in every way but these: it is a JSON object, and its text stays below this many bytes. */
export const draftBytesMax = 2_000_000;

export type DraftText =
  | { readonly kind: "ok"; readonly text: string }
  | { readonly kind: "invalid_draft"; readonly problems: readonly DraftProblem[] };

/** A problem that keeps a draft from being saved at all. */
export interface DraftProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export function draftText(definition: unknown): DraftText {
  if (typeof definition !== "object" || definition === null || Array.isArray(definition)) {
    return invalid("The definition must be a JSON object.");
  }
  const text = JSON.stringify(definition);
  if (Buffer.byteLength(text) >= draftBytesMax) {
    return invalid(`The definition must take less than ${draftBytesMax / 1_000_000} MB as JSON.`);
  }
  return { kind: "ok", text };
}

function invalid(message: string): DraftText {
  return { kind: "invalid_draft", problems: [{ path: ["definition"], message }] };
}

/** A stored draft with what is wrong with it. Text that is no JSON reads as null: one bad row must not fail an answer. */
export function readDraft(text: string): { definition: unknown; problems: readonly Problem[] } {
  const definition = parseStored(text);
  return { definition, problems: validate(definition) };
}

export function parseStored(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
