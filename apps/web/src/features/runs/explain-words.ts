import type { Refusal } from "../../api/types.ts";
import { formatCount } from "../../ui/format.ts";

/** What would become of a run that was started now, and of more like it. */
export function explainHeadline(refusal: Refusal | null, couldStart: number | null): string {
  if (refusal !== null) return "This run would be refused now.";
  if (couldStart === null) return "This run would start now. Nothing limits how many more like it could.";
  const more = couldStart - 1;
  return more <= 0
    ? "This run would start now. No more like it could start beside it."
    : `This run would start now. ${formatCount(more)} more like it could start.`;
}
