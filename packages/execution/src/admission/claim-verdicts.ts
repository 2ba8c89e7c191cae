import type { Limits } from "@gantry/billing";
import type { ClaimAnswer, ClaimRequest, ClaimResult, TopUpAnswer } from "../claim/port.ts";
import { howMany } from "./could-start.ts";
import type { GateName, GateVerdict } from "./decision.ts";
import { gateNames } from "./decision.ts";
import { usageLimitNumbers } from "./limit-numbers.ts";
import type { Numbers, RefusalCode } from "./refusal.ts";

interface ClaimRefusal {
  readonly gate: GateName;
  readonly code: RefusalCode;
}

/**
 * What each answer of the claim means. `usage` is the usage gate once more, on what is settled at this instant: the
 * facts are a moment older, and a run may have settled in between.
 */
const refusals: Readonly<Record<Exclude<ClaimResult, "claimed" | "conflict">, ClaimRefusal>> = {
  usage: { gate: "usage", code: "USAGE_LIMIT_EXCEEDED" },
  member_usage: { gate: "usage", code: "MEMBER_LIMIT_EXCEEDED" },
  rate: { gate: "rate", code: "RATE_LIMITED" },
  concurrency: { gate: "concurrency", code: "CONCURRENCY_LIMIT" },
  payer_headroom: { gate: "hold", code: "PAYER_HEADROOM" },
  member_headroom: { gate: "hold", code: "MEMBER_HEADROOM" },
};

export type ClaimJudgement =
  | { readonly kind: "pass"; readonly verdicts: readonly GateVerdict[] }
  | {
      readonly kind: "refuse";
      readonly verdicts: readonly GateVerdict[];
      readonly code: RefusalCode;
      readonly numbers: Numbers;
      readonly retryAfterMs: number | null;
    };

/** Turns the claim's answer into the verdicts of the gates that it decides, after those of the facts. */
export function judgeClaim(
  factVerdicts: readonly GateVerdict[],
  request: ClaimRequest,
  answer: ClaimAnswer,
  limits: Limits,
  /** When the payer's period ends, Unix milliseconds. */
  resetAt: number,
): ClaimJudgement {
  const numbers = numbersOf(request, answer, limits, resetAt);
  const own: GateVerdict[] = [
    { gate: "rate", verdict: request.rate === null ? "not_required" : "pass", numbers: numbers.rate },
    {
      gate: "concurrency",
      verdict: request.concurrentRunsMax === null ? "not_required" : "pass",
      numbers: numbers.concurrency,
    },
    { gate: "hold", verdict: request.limitMicros === null ? "not_required" : "pass", numbers: numbers.hold },
  ];
  const all = [...factVerdicts, ...own];
  if (answer.result === "claimed") return { kind: "pass", verdicts: all };
  if (answer.result === "conflict") throw new Error("The id of a new run is another run's.");

  const { gate, code } = refusals[answer.result];
  const position = gateNames.indexOf(gate);
  const gateNumbers = gate === "usage" ? numbers.usage : (all[position]?.numbers ?? {});
  return {
    kind: "refuse",
    code,
    numbers: gateNumbers,
    retryAfterMs: retryAfter(answer, request),
    verdicts: [...all.slice(0, position), { gate, verdict: "refuse", code, numbers: gateNumbers }],
  };
}

/** What a refused top-up means to the model call that asked for it. */
export const topUpRefusals = {
  usage: "USAGE_LIMIT_EXCEEDED",
  member_usage: "MEMBER_LIMIT_EXCEEDED",
  payer_headroom: "PAYER_HEADROOM",
  member_headroom: "MEMBER_HEADROOM",
} as const satisfies Record<Exclude<TopUpAnswer["result"], "held" | "lost">, RefusalCode>;

function retryAfter(answer: ClaimAnswer, request: ClaimRequest): number | null {
  switch (answer.result) {
    case "claimed":
    case "conflict":
    case "usage":
    case "member_usage":
      return null;
    case "rate":
      return request.rate === null ? null : ((1 - (answer.tokens ?? 0)) / request.rate.perMinute) * 60_000;
    case "concurrency":
    case "payer_headroom":
    case "member_headroom":
      return answer.earliestEndMs;
  }
}

function numbersOf(request: ClaimRequest, answer: ClaimAnswer, limits: Limits, resetAt: number) {
  const { plan, sources } = limits;
  const unlimited: Numbers = { reason: "billing_off" };
  const rate: Numbers =
    request.rate === null
      ? { reason: limits.sync === null ? "billing_off" : "profile" }
      : {
          counter: request.rate.counter,
          remaining: Math.floor(answer.tokens ?? 0),
          capacity: request.rate.capacity,
          perMinute: request.rate.perMinute,
          plan,
          source: sources[request.rate.counter],
          couldStart: Math.max(0, Math.floor(answer.tokens ?? 0)),
        };
  const concurrency: Numbers =
    request.concurrentRunsMax === null
      ? unlimited
      : {
          inUse: answer.slotsInUse,
          limit: request.concurrentRunsMax,
          plan,
          source: sources.concurrentRuns,
          couldStart: Math.max(0, request.concurrentRunsMax - answer.slotsInUse),
        };
  const { settledMicros, heldMicros, memberSettledMicros, memberHeldMicros } = answer;
  const { limitMicros, memberLimitMicros, holdMicros } = request;
  const capped = memberLimitMicros !== null;
  const money: Numbers = {
    settledMicros,
    ...usageLimitNumbers(limits),
    resetAt,
    ...(capped ? { memberSettledMicros, memberLimitMicros } : {}),
  };
  const left = (limit: number | null, used: number) => (limit === null ? null : limit - used);
  const usage: Numbers = {
    ...money,
    neededMicros: holdMicros,
    couldStart: howMany(
      [left(limitMicros, settledMicros), left(memberLimitMicros, memberSettledMicros)],
      holdMicros,
    ),
  };
  const hold: Numbers =
    limitMicros === null
      ? unlimited
      : {
          ...money,
          holdMicros,
          heldMicros,
          ...(capped ? { memberHeldMicros } : {}),
          couldStart: howMany(
            [
              left(limitMicros, settledMicros + heldMicros),
              left(memberLimitMicros, memberSettledMicros + memberHeldMicros),
            ],
            holdMicros,
          ),
        };
  return { usage, rate, concurrency, hold };
}
