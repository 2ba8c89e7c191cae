import type { BlockError, RunError } from "../../api/types.ts";
import { formatMoney } from "../../ui/format.ts";
import { readNumbers } from "./numbers-reader.ts";
import type { RefusalNotice } from "./refusal-notice.ts";
import { type RefusalWords, refusalWords } from "./refusal-words.ts";

/** A block's or a run's failure that money was the reason of, told like a refused run. Null for every other failure. */
export function moneyFailure(error: BlockError | RunError): RefusalNotice | null {
  const { refusal } = error;
  if (refusal !== undefined) {
    const { code, status, message, retryAfterMs } = refusal;
    return { code: `${status} ${code}`, message, retryAfterMs, words: callWords(refusal) };
  }
  if (error.code !== "RUN_COST_LIMIT") return null;
  return {
    code: error.code,
    message: "The run stopped before a model call that could have passed its own cost limit.",
    retryAfterMs: null,
    words: {
      title: "The run's cost limit is reached",
      asked: oneCall,
      limit: error.message,
      next: "Run it again with a higher cost limit, or without one.",
      page: null,
    },
  };
}

const oneCall = "To make one more model call.";

/** The run was admitted: what was refused is more money for one of its calls. */
function callWords(refusal: NonNullable<BlockError["refusal"]>): RefusalWords {
  const words = refusalWords(refusal);
  if (refusal.code === "ADMISSION_UNAVAILABLE") {
    return {
      ...words,
      asked: oneCall,
      limit: "Gantry could not set money aside for it, so the call was not made.",
      next: "Run it again in a moment.",
    };
  }
  const n = readNumbers(refusal.numbers);
  return {
    ...words,
    asked: `To make one more model call, which needs ${formatMoney(n.number("neededMicros"))} beyond what the run holds.`,
    limit: isMembers(refusal.code)
      ? `You have used ${formatMoney(n.number("memberSettledMicros"))} and hold ${formatMoney(n.number("memberHeldMicros"))} of your ${formatMoney(n.number("memberLimitMicros"))}, this run included.`
      : `${formatMoney(n.number("settledMicros"))} is used and ${formatMoney(n.number("heldMicros"))} is held of ${formatMoney(n.number("limitMicros"))}, this run included.`,
  };
}

function isMembers(code: string): boolean {
  return code === "MEMBER_LIMIT_EXCEEDED" || code === "MEMBER_HEADROOM";
}
