import { type Answer, isCompleted, tally } from "../calls/answer.ts";
import type { Finding } from "../check.ts";
import { count } from "../count.ts";

export interface Sample {
  readonly answer: Answer;
  readonly ms: number;
  /** To the database, of both processes: a heartbeat of another one may be in it. */
  readonly roundTrips: number;
}

export interface Turn {
  readonly admitted: Sample;
  readonly byFacts: Sample;
  readonly byClaim: Sample;
}

export interface RefusalHistory {
  readonly turns: readonly Turn[];
  /** While the database could be read and not written, and how many of these were recorded before it could again. */
  readonly readOnly: {
    readonly byFacts: readonly Answer[];
    readonly byClaim: readonly Answer[];
    readonly recorded: number;
  };
  /** Of both kinds, ever; and how many of them are recorded in the end. */
  readonly refused: number;
  readonly recorded: number;
}

const codes = { byFacts: "USAGE_LIMIT_EXCEEDED", byClaim: "CONCURRENCY_LIMIT" } as const;

export function judgeRefusals({ turns, readOnly, refused, recorded }: RefusalHistory): readonly Finding[] {
  const admitted = turns.map((turn) => turn.admitted);
  return [
    judgeCost("a refusal by the facts", "byFacts", turns),
    judgeCost("a refusal by the claim", "byClaim", turns),
    {
      guarantee: "refusals while nothing can be written",
      measured: `${tally([...readOnly.byFacts, ...readOnly.byClaim])}; ${readOnly.recorded} recorded meanwhile`,
      required: "the same; 0",
      holds:
        readOnly.byFacts.length > 0 &&
        readOnly.byFacts.every(({ code }) => code === codes.byFacts) &&
        readOnly.byClaim.length > 0 &&
        readOnly.byClaim.every(({ code }) => code === codes.byClaim) &&
        readOnly.recorded === 0,
    },
    {
      guarantee: "refused runs are recorded afterwards",
      measured: `${count(recorded)} of ${count(refused)}`,
      required: "all",
      holds: refused > 0 && recorded === refused,
    },
  ];

  function judgeCost(guarantee: string, kind: keyof typeof codes, all: readonly Turn[]): Finding {
    const samples = all.map((turn) => turn[kind]);
    return {
      guarantee,
      measured: `${cost(samples)}; an admission ${cost(admitted)}`,
      required: "less of both",
      holds:
        all.length > 0 &&
        all.every((turn) => turn[kind].answer.code === codes[kind] && isCompleted(turn.admitted.answer)) &&
        median(samples, "ms") < median(admitted, "ms") &&
        median(samples, "roundTrips") < median(admitted, "roundTrips"),
    };
  }
}

function cost(samples: readonly Sample[]): string {
  const trips = median(samples, "roundTrips");
  return `${median(samples, "ms").toFixed(1)} ms, ${trips} ${trips === 1 ? "round trip" : "round trips"}`;
}

/** Of an even number, the lower one of the two in the middle. */
function median(samples: readonly Sample[], of: "ms" | "roundTrips"): number {
  const sorted = samples.map((sample) => sample[of]).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
}
