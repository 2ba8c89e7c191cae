import type { Refusal } from "../../api/types.ts";
import { formatDay, formatMoney, formatWait, plural } from "../../ui/format.ts";

export interface RefusalWords {
  readonly title: string;
  /** What this run asked for. */
  readonly asked: string;
  /** What there is, in numbers. */
  readonly limit: string;
  /** What to do about it. */
  readonly next: string;
  /** The page that helps. */
  readonly page: "usage" | "versions" | null;
}

type Words = (numbers: (key: string) => number, refusal: Refusal) => RefusalWords;

export function refusalWords(refusal: Refusal): RefusalWords {
  const number = (key: string) => {
    const value = refusal.numbers[key];
    return typeof value === "number" ? value : 0;
  };
  return words[refusal.code](number, refusal);
}

/** The title of a refusal that only its code is known of. */
export function refusalTitle(code: string): string {
  return Object.entries(titles).find(([known]) => known === code)?.[1] ?? code;
}

const titles: Readonly<Record<Refusal["code"], string>> = {
  UNAUTHENTICATED: "Not signed in",
  WORKFLOW_NOT_FOUND: "No such workflow",
  FORBIDDEN: "Not allowed to run",
  WORKFLOW_NOT_DEPLOYED: "Not deployed",
  ACCOUNT_SUSPENDED: "Account suspended",
  PAYER_UNRESOLVED: "Nobody pays",
  PAYER_BLOCKED: "Payment blocked",
  USAGE_LIMIT_EXCEEDED: "Usage limit reached",
  MEMBER_LIMIT_EXCEEDED: "Your usage limit is reached",
  RATE_LIMITED: "Too many runs per minute",
  CONCURRENCY_LIMIT: "Too many runs at once",
  PAYER_HEADROOM: "The rest is held",
  MEMBER_HEADROOM: "Your rest is held",
  ADMISSION_UNAVAILABLE: "Cannot be decided now",
};

const anyRun = "To start one run.";
const charge = (micros: number) => `To start one run, which needs ${formatMoney(micros)} of room.`;

const words: Readonly<Record<Refusal["code"], Words>> = {
  UNAUTHENTICATED: () => ({
    title: titles.UNAUTHENTICATED,
    asked: anyRun,
    limit: "Only somebody who is known may run a workflow.",
    next: "Sign in again, then run it once more.",
    page: null,
  }),
  WORKFLOW_NOT_FOUND: () => ({
    title: titles.WORKFLOW_NOT_FOUND,
    asked: anyRun,
    limit: "The workflow does not exist, is archived, or is not visible to you.",
    next: "Check its address, or ask an admin of its workspace for access.",
    page: null,
  }),
  FORBIDDEN: (_, { numbers }) => ({
    title: titles.FORBIDDEN,
    asked: anyRun,
    limit: `Your level here is ${numbers["level"] ?? "none"}; running needs ${numbers["needed"] ?? "write"}.`,
    next: "Ask an admin of this workspace for write access.",
    page: null,
  }),
  WORKFLOW_NOT_DEPLOYED: () => ({
    title: titles.WORKFLOW_NOT_DEPLOYED,
    asked: "To start the active version.",
    limit: "This workflow has no active version.",
    next: "Deploy the draft, or activate an older version.",
    page: "versions",
  }),
  ACCOUNT_SUSPENDED: (number) => ({
    title: titles.ACCOUNT_SUSPENDED,
    asked: anyRun,
    limit:
      number("endsAt") > 0
        ? `The suspension ends on ${formatDay(number("endsAt"))}.`
        : "The suspension has no end date.",
    next: "Ask the operator of this Gantry.",
    page: null,
  }),
  PAYER_UNRESOLVED: () => ({
    title: titles.PAYER_UNRESOLVED,
    asked: anyRun,
    limit: "No account pays for this workspace.",
    next: "Ask the workspace's owner to connect an account.",
    page: "usage",
  }),
  PAYER_BLOCKED: (_, { numbers }) => ({
    title: titles.PAYER_BLOCKED,
    asked: anyRun,
    limit: `The paying account is blocked${typeof numbers["reason"] === "string" ? `: ${numbers["reason"].replaceAll("_", " ")}` : ""}.`,
    next: "Settle the open payment. Runs go on right after.",
    page: "usage",
  }),
  USAGE_LIMIT_EXCEEDED: (number) => ({
    title: titles.USAGE_LIMIT_EXCEEDED,
    asked: charge(number("neededMicros")),
    limit: `${formatMoney(number("settledMicros"))} of ${formatMoney(number("limitMicros"))} is used.`,
    next:
      number("resetAt") > 0
        ? `Raise the limit, or wait for the next period on ${formatDay(number("resetAt"))}.`
        : "Raise the limit, or wait for the next period.",
    page: "usage",
  }),
  MEMBER_LIMIT_EXCEEDED: (number) => ({
    title: titles.MEMBER_LIMIT_EXCEEDED,
    asked: charge(number("neededMicros")),
    limit: `You have used ${formatMoney(number("memberSettledMicros"))} of your ${formatMoney(number("memberLimitMicros"))}.`,
    next: "Ask an admin of the organization for a higher cap.",
    page: "usage",
  }),
  RATE_LIMITED: (number, { retryAfterMs }) => ({
    title: titles.RATE_LIMITED,
    asked: "To start one more run, which takes one token.",
    limit: `${plural(number("remaining"), "token")} of ${number("capacity")} left; ${number("perMinute")} come back per minute.`,
    next: `The next token is there ${soon(retryAfterMs)}. Then try again.`,
    page: "usage",
  }),
  CONCURRENCY_LIMIT: (number, { retryAfterMs }) => ({
    title: titles.CONCURRENCY_LIMIT,
    asked: "To start one more run, which takes one slot.",
    limit: `${number("inUse")} of ${plural(number("limit"), "slot")} are in use.`,
    next: `Wait for a run to end, at the latest ${soon(retryAfterMs)}, or cancel one.`,
    page: "usage",
  }),
  PAYER_HEADROOM: (number) => ({
    title: titles.PAYER_HEADROOM,
    asked: charge(number("holdMicros")),
    limit: `${formatMoney(number("settledMicros"))} is used and ${formatMoney(number("heldMicros"))} is held of ${formatMoney(number("limitMicros"))}.`,
    next: "Wait for a run in progress to give back what it does not need, or raise the limit.",
    page: "usage",
  }),
  MEMBER_HEADROOM: (number) => ({
    title: titles.MEMBER_HEADROOM,
    asked: charge(number("holdMicros")),
    limit: `You have used ${formatMoney(number("memberSettledMicros"))} and hold ${formatMoney(number("memberHeldMicros"))} of your ${formatMoney(number("memberLimitMicros"))}.`,
    next: "Wait for one of your runs in progress to end.",
    page: "usage",
  }),
  ADMISSION_UNAVAILABLE: () => ({
    title: titles.ADMISSION_UNAVAILABLE,
    asked: anyRun,
    limit: "Gantry could not read or write what it decides by. Nothing was spent.",
    next: "Try again in a moment.",
    page: null,
  }),
};

function soon(retryAfterMs: number | null): string {
  return retryAfterMs === null ? "soon" : `in ${formatWait(retryAfterMs)}`;
}
