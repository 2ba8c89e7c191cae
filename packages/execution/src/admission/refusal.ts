import type { Decision } from "./decision.ts";

/** Every way to be refused. One catalogue for tRPC, REST, stored runs and the web app. */
export type RefusalCode =
  | "UNAUTHENTICATED"
  | "WORKFLOW_NOT_FOUND"
  | "FORBIDDEN"
  | "WORKFLOW_NOT_DEPLOYED"
  | "ACCOUNT_SUSPENDED"
  | "PAYER_UNRESOLVED"
  | "PAYER_BLOCKED"
  | "USAGE_LIMIT_EXCEEDED"
  | "MEMBER_LIMIT_EXCEEDED"
  | "RATE_LIMITED"
  | "CONCURRENCY_LIMIT"
  | "PAYER_HEADROOM"
  | "MEMBER_HEADROOM"
  | "ADMISSION_UNAVAILABLE";

export type RefusalStatus = 401 | 402 | 403 | 404 | 429 | 503;

/** Whether asking again can help: never, after a computed time, or only once a hold of a run in flight returns. */
export type Retry = "no" | "computed" | "when_a_hold_returns";

interface CatalogueEntry {
  readonly status: RefusalStatus;
  /** Said to the caller as it stands. */
  readonly sentence: string;
  readonly retry: Retry;
}

export const refusalCatalogue: Readonly<Record<RefusalCode, CatalogueEntry>> = {
  UNAUTHENTICATED: {
    status: 401,
    sentence: "Sign in, or send a valid API key in the X-API-Key header.",
    retry: "no",
  },
  WORKFLOW_NOT_FOUND: { status: 404, sentence: "There is no such workflow.", retry: "no" },
  FORBIDDEN: { status: 403, sentence: "You may see this workflow but not run it.", retry: "no" },
  WORKFLOW_NOT_DEPLOYED: {
    status: 403,
    sentence: "This workflow has no active version. Deploy it, then run it again.",
    retry: "no",
  },
  ACCOUNT_SUSPENDED: {
    status: 403,
    sentence: "An account that this run depends on is suspended.",
    retry: "no",
  },
  PAYER_UNRESOLVED: { status: 402, sentence: "No account pays for this workspace.", retry: "no" },
  PAYER_BLOCKED: {
    status: 402,
    sentence: "The account that pays for this workspace is blocked. Settle its payment to go on.",
    retry: "no",
  },
  USAGE_LIMIT_EXCEEDED: {
    status: 402,
    sentence: "The usage limit of this period is reached.",
    retry: "no",
  },
  MEMBER_LIMIT_EXCEEDED: {
    status: 402,
    sentence: "Your own usage limit within the organization is reached.",
    retry: "no",
  },
  RATE_LIMITED: { status: 429, sentence: "Runs are started faster than the plan allows.", retry: "computed" },
  CONCURRENCY_LIMIT: {
    status: 429,
    sentence: "As many runs are in progress as the plan allows.",
    retry: "computed",
  },
  PAYER_HEADROOM: {
    status: 402,
    sentence: "What is left of this period's usage limit is held by runs in progress.",
    retry: "when_a_hold_returns",
  },
  MEMBER_HEADROOM: {
    status: 402,
    sentence: "What is left of your own usage limit is held by runs in progress.",
    retry: "when_a_hold_returns",
  },
  ADMISSION_UNAVAILABLE: {
    status: 503,
    sentence: "Whether this may start cannot be decided right now. Nothing was spent on it; try again.",
    retry: "computed",
  },
};

/** Numbers behind a verdict. Money in micro-dollars, times in Unix milliseconds, durations in milliseconds. */
export type Numbers = Readonly<Record<string, number | string | boolean | null>>;

export interface Refusal<Code extends RefusalCode = RefusalCode> {
  readonly code: Code;
  readonly status: RefusalStatus;
  readonly message: string;
  readonly numbers: Numbers;
  readonly retryable: boolean;
  /** Null where retrying cannot help. */
  readonly retryAfterMs: number | null;
}

/** The one place where a refusal is made. `retryAfterMs` is kept only where the catalogue lets a caller retry. */
export function refuse<Code extends RefusalCode>(
  code: Code,
  numbers: Numbers,
  retryAfterMs: number | null = null,
): Refusal<Code> {
  const entry = refusalCatalogue[code];
  const retryable = entry.retry !== "no" && retryAfterMs !== null;
  return {
    code,
    status: entry.status,
    message: entry.sentence,
    numbers,
    retryable,
    retryAfterMs: retryable ? Math.max(1, Math.ceil(retryAfterMs)) : null,
  };
}

/** A stored refusal as it was told: its numbers are those of the gate that refused. When to retry is past by then. */
export function refusalOf(code: RefusalCode, decision: Decision): Refusal {
  const gate = decision.find((verdict) => verdict.verdict === "refuse");
  return refuse(code, gate?.numbers ?? {});
}
