/** How much is measured. */
export interface Sizes {
  /** Samples at one caller. */
  readonly samples: number;
  readonly warmUp: number;
  readonly tenants: number;
  /** Whose claims are measured by themselves. */
  readonly payers: number;
  readonly rounds: number;
  readonly callsPerRound: number;
  readonly blocks: readonly number[];
  readonly callers: readonly number[];
  readonly ledgerRows: { readonly few: number; readonly many: number };
  readonly httpSamples: number;
  readonly tripSamples: number;
  readonly callsInARow: number;
  /** Of a tenant between two calls to a provider. */
  readonly silencesMs: readonly number[];
  readonly everyMs: number;
}

export const fullSizes: Sizes = {
  samples: 1_500,
  warmUp: 200,
  tenants: 64,
  payers: 1_000,
  rounds: 10,
  callsPerRound: 512,
  blocks: [10, 50, 200],
  callers: [16, 64],
  ledgerRows: { few: 500, many: 100_000 },
  httpSamples: 300,
  tripSamples: 5,
  callsInARow: 20,
  silencesMs: [1_000, 5_000, 30_000, 60_000],
  everyMs: 30_000,
};

/** Enough to see that everything works; the figures mean nothing. */
export const quickSizes: Sizes = {
  samples: 20,
  warmUp: 5,
  tenants: 4,
  payers: 10,
  rounds: 1,
  callsPerRound: 32,
  blocks: [10, 50, 200],
  callers: [16, 64],
  ledgerRows: { few: 50, many: 500 },
  httpSamples: 10,
  tripSamples: 1,
  callsInARow: 3,
  silencesMs: [10, 20],
  everyMs: 10,
};
