import type { Subject } from "./subject.ts";

export interface InterleaveOptions {
  readonly samples: number;
  /** Rounds that are not counted. */
  readonly warmUp: number;
  /** Not timed: called after every so many rounds, to give back what was taken. */
  readonly between: () => Promise<void>;
  readonly betweenEvery: number;
}

/**
 * Times every subject once in each round, one call at a time, so that whatever else the machine does hits all alike.
 * Each round begins with another one: what a call leaves behind for the next must not always meet the same.
 */
export async function interleave<Name extends string>(
  subjects: readonly Subject<Name>[],
  options: InterleaveOptions,
): Promise<ReadonlyMap<Name, readonly number[]>> {
  const samples = new Map<Name, number[]>(subjects.map(({ name }) => [name, []]));
  for (let round = -options.warmUp; round < options.samples; round += 1) {
    for (let offset = 0; offset < subjects.length; offset += 1) {
      const subject = subjects[(offset + round + options.warmUp) % subjects.length];
      if (subject === undefined) throw new Error("The round has no such subject.");
      const from = performance.now();
      await subject.run();
      const took = performance.now() - from;
      if (round >= 0) samples.get(subject.name)?.push(took);
    }
    if ((round + options.warmUp + 1) % options.betweenEvery === 0) await options.between();
  }
  await options.between();
  return samples;
}

/** The samples of one subject. */
export function samplesOf<Name extends string>(
  samples: ReadonlyMap<Name, readonly number[]>,
  name: Name,
): readonly number[] {
  const own = samples.get(name);
  if (own === undefined) throw new Error(`Nothing called ${name} was measured.`);
  return own;
}
