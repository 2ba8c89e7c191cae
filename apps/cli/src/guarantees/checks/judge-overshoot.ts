import { dollars } from "../../dollars.ts";
import { type Answer, isCompleted, tally } from "../calls/answer.ts";
import type { Finding } from "../check.ts";
import { count } from "../count.ts";

/** Runs that were started at once and do not end by themselves. */
export interface SlotHistory {
  readonly asked: number;
  readonly slotsMax: number;
  readonly admitted: number;
  /** The most model calls in progress that were seen: each run makes one and stays in it. */
  readonly inProgressMax: number;
  readonly refused: readonly Answer[];
}

export function judgeSlots({
  asked,
  slotsMax,
  admitted,
  inProgressMax,
  refused,
}: SlotHistory): readonly Finding[] {
  return [
    {
      guarantee: `${count(asked)} runs at once, ${slotsMax} slots`,
      measured: `${count(admitted)} admitted, ${count(inProgressMax)} in progress at once`,
      required: `${slotsMax} and ${slotsMax}`,
      holds: admitted === slotsMax && inProgressMax === slotsMax,
    },
    {
      guarantee: "  the others",
      measured: tally(refused),
      required: `${count(asked - slotsMax)} CONCURRENCY_LIMIT, Retry-After`,
      holds:
        refused.length === asked - slotsMax &&
        refused.every(({ code, retryAfter }) => code === "CONCURRENCY_LIMIT" && retryAfter),
    },
  ];
}

/** Runs that were started at once and have all ended or been refused. */
export interface MoneyHistory {
  readonly limitMicros: number;
  readonly answers: readonly Answer[];
  /** It only grows: what is settled in the end was never more. */
  readonly settledMicros: number;
}

const refusedForMoney: ReadonlySet<string | null> = new Set(["PAYER_HEADROOM", "USAGE_LIMIT_EXCEEDED"]);

/** `affordable`: how many must be admitted; null where that depends on how they meet. Then most of the money must be spent. */
export function judgeMoney(
  guarantee: string,
  { limitMicros, answers, settledMicros }: MoneyHistory,
  affordable: number | null,
): readonly Finding[] {
  const completed = answers.filter(isCompleted).length;
  const refused = answers.filter(({ code }) => refusedForMoney.has(code)).length;
  const overshootMicros = Math.max(0, settledMicros - limitMicros);
  const isExact =
    affordable === null
      ? refused > 0 && settledMicros > limitMicros / 2
      : completed === affordable && refused === answers.length - affordable && settledMicros === limitMicros;
  return [
    {
      guarantee,
      measured: `${dollars(overshootMicros)} over; ${dollars(settledMicros)} of ${dollars(limitMicros)} settled`,
      required: affordable === null ? "$0 over, most of it settled" : "$0 over, all of it settled",
      holds: overshootMicros === 0 && isExact,
    },
    {
      guarantee: "  how they ended",
      measured: tally(answers),
      required: affordable === null ? "some refused" : `${count(affordable)} completed, the others refused`,
      holds: isExact,
    },
  ];
}
