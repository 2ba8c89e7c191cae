import { type Answer, isCompleted, tally } from "../calls/answer.ts";
import { type ChargedRun, chargeFaultsOf } from "../charges.ts";
import type { Finding } from "../check.ts";
import { count } from "../count.ts";

/** Times in monotonic milliseconds. */
export interface TimedAnswer extends Answer {
  readonly process: number;
  readonly sentAt: number;
  readonly answeredAt: number;
}

export interface OutageHistory {
  readonly store: string;
  readonly cutAt: number;
  readonly restoredAt: number;
  /** Of short runs of one tenant, before, during and after the outage. */
  readonly answers: readonly TimedAnswer[];
  /** Of runs of another tenant that were in progress all through it, each with one model call. */
  readonly overlapped: readonly Answer[];
  /** Of the first tenant's runs, and of the second's. */
  readonly charges: readonly ChargedRun[];
  readonly overlappedCharges: readonly ChargedRun[];
}

const recoveryMaxMs = 2_000;

export function judgeOutage(history: OutageHistory): readonly Finding[] {
  const { store, cutAt, restoredAt, answers, overlapped, charges, overlappedCharges } = history;
  const during = answers.filter(({ sentAt, answeredAt }) => sentAt >= cutAt && answeredAt <= restoredAt);
  const recoveryMs = Math.max(...[0, 1].map((process) => recoveryOf(process, history)));
  const completed = answers.filter(isCompleted);
  const faults = chargeFaultsOf(charges, () => 0);
  const overlappedFaults = chargeFaultsOf(overlappedCharges, () => 1);
  const faulty = faults.doubled + faults.missing + faults.differing;
  const overlappedFaulty = overlappedFaults.doubled + overlappedFaults.missing + overlappedFaults.differing;
  return [
    {
      guarantee: `${store} is away for ${((restoredAt - cutAt) / 1_000).toFixed(1)} s: answers meanwhile`,
      measured: tally(during),
      required: "only 503 ADMISSION_UNAVAILABLE, Retry-After",
      holds: during.length > 0 && during.every(isUnavailable),
    },
    {
      guarantee: "  spent by what was refused",
      measured: `${count(charges.length - completed.length)} runs, ${faulty} charges`,
      required: "0 and 0",
      holds: completed.length > 0 && charges.length === completed.length && faulty === 0,
    },
    {
      guarantee: "  runs in progress all through it",
      measured: `${tally(overlapped)}; ${overlappedFaulty} charged wrongly`,
      required: "all completed and charged once",
      holds:
        overlapped.length > 0 &&
        overlapped.every(isCompleted) &&
        overlappedCharges.length === overlapped.length &&
        overlappedFaulty === 0,
    },
    {
      guarantee: "  runs are admitted again, by both processes",
      measured: `${(recoveryMs / 1_000).toFixed(2)} s after it is back`,
      required: `within ${recoveryMaxMs / 1_000} s`,
      holds: recoveryMs <= recoveryMaxMs,
    },
  ];
}

function isUnavailable({ status, code, retryAfter }: Answer): boolean {
  return status === 503 && code === "ADMISSION_UNAVAILABLE" && retryAfter;
}

/** Until the first run that was sent after the end of the outage is answered as completed. */
function recoveryOf(process: number, { answers, restoredAt }: OutageHistory): number {
  const first = answers.find(
    (answer) => answer.process === process && answer.sentAt >= restoredAt && isCompleted(answer),
  );
  return first === undefined ? Number.POSITIVE_INFINITY : first.answeredAt - restoredAt;
}
