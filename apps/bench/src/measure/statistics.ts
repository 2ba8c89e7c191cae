/** The value below which this share of the samples lies. Nearest rank; the samples may come in any order. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
  if (value === undefined) throw new Error("There are no samples.");
  return value;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);
