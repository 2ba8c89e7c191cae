import { median } from "./statistics.ts";
import type { Subject } from "./subject.ts";

export interface ParallelOptions {
  readonly callers: number;
  /** How often the subjects take turns. */
  readonly rounds: number;
  /** Calls of one subject in one round, shared by all callers. */
  readonly callsPerRound: number;
  /** Not timed: called after each subject's turn, to give back what was taken. */
  readonly between: () => Promise<void>;
}

export interface ParallelFigures {
  /** Milliseconds of each call. */
  readonly samples: readonly number[];
  /** Calls per second: the median of the rounds. */
  readonly perSecond: number;
}

/**
 * So many callers, each starting its next call when its last one was answered. The subjects take turns of some tenths
 * of a second. One round before the first is not counted.
 */
export async function inParallel<Name extends string>(
  subjects: readonly Subject<Name>[],
  options: ParallelOptions,
): Promise<ReadonlyMap<Name, ParallelFigures>> {
  const samples = new Map<Name, number[]>(subjects.map(({ name }) => [name, []]));
  const rates = new Map<Name, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = -1; round < options.rounds; round += 1) {
    for (const subject of subjects) {
      const turn = await takeTurn(subject, options);
      await options.between();
      if (round < 0) continue;
      samples.get(subject.name)?.push(...turn.samples);
      rates.get(subject.name)?.push(turn.perSecond);
    }
  }
  return new Map(
    subjects.map(({ name }) => [
      name,
      { samples: samples.get(name) ?? [], perSecond: median(rates.get(name) ?? []) },
    ]),
  );
}

async function takeTurn(
  subject: Subject,
  { callers, callsPerRound }: ParallelOptions,
): Promise<ParallelFigures> {
  const samples: number[] = [];
  let left = callsPerRound;
  const call = async () => {
    while (left > 0) {
      left -= 1;
      const from = performance.now();
      await subject.run();
      samples.push(performance.now() - from);
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: callers }, call));
  return { samples, perSecond: (callsPerRound / (performance.now() - from)) * 1_000 };
}

export function figuresOf<Name extends string>(
  figures: ReadonlyMap<Name, ParallelFigures>,
  name: Name,
): ParallelFigures {
  const own = figures.get(name);
  if (own === undefined) throw new Error(`Nothing called ${name} was measured.`);
  return own;
}
