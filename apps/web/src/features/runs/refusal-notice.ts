import type { Refusal } from "../../api/types.ts";
import { type RefusalWords, refusalWords } from "./refusal-words.ts";

/** What a refusal card shows, whether a run was refused or one of its calls. */
export interface RefusalNotice {
  /** As a program is told it: "429 RATE_LIMITED". */
  readonly code: string;
  readonly message: string;
  readonly words: RefusalWords;
  /** When asking again can help; null where it cannot, or that is past. */
  readonly retryAfterMs: number | null;
}

export function refusalNotice(refusal: Refusal): RefusalNotice {
  const { code, status, message, retryable, retryAfterMs } = refusal;
  return {
    code: `${status} ${code}`,
    message,
    words: refusalWords(refusal),
    retryAfterMs: retryable ? retryAfterMs : null,
  };
}
