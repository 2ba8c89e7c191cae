import "./zod-without-eval.ts";
import { type Problem, validate } from "@gantry/workflow";
import type { ParsedDraft } from "./draft-text.ts";

/** Every problem of a draft, found in the browser as it is typed. */
export function judgeDraft(parsed: ParsedDraft): readonly Problem[] {
  return parsed.ok ? validate(parsed.definition) : [parsed.problem];
}
