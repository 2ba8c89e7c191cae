/** A slot, as whoever judges claims counts it. */
export interface SlotState {
  readonly payerId: string;
  readonly userId: string;
  readonly periodStart: string;
  /** Null: it is being reaped. */
  readonly holder: string | null;
  readonly epoch: number | null;
  readonly holdMicros: number;
  /** What its run was charged while the hold does not know of that yet: it is counted twice. */
  readonly unmovedMicros: number;
  readonly live: boolean;
  /** The run has ended; its slot is still to be taken away. */
  readonly ended: boolean;
}

/** The row of a run in progress. */
export interface RowState {
  readonly payerId: string;
  readonly userId: string;
  readonly periodStart: string;
  readonly holder: string;
  readonly epoch: number;
  readonly holdMicros: number;
  readonly spentMicros: number;
  readonly live: boolean;
  readonly cancelRequested: boolean;
}

/** As stored at its last use: what has come back since then is not in it. */
export interface BucketState {
  readonly tokens: number;
  readonly agoTicks: number;
}

/** Of runs, ledger and counters. Money in micro-dollars. */
export interface Records {
  /** By run. */
  readonly rows: Readonly<Record<string, RowState>>;
  /** By `payer/period`: the maintained counter, and what the ledger adds up to. */
  readonly settled: Readonly<Record<string, number>>;
  readonly ledger: Readonly<Record<string, number>>;
  /** By `payer/user/period`, of organizations. */
  readonly memberSettled: Readonly<Record<string, number>>;
  readonly memberLedger: Readonly<Record<string, number>>;
  /** Runs that have ended, by status. */
  readonly ended: Readonly<Record<string, { readonly runs: number; readonly costMicros: number }>>;
  /** Rows of `run_rows`, and how many different runs they tell of: the same, or a run is in two places. */
  readonly rowsOfRuns: number;
  readonly runs: number;
  /** Runs whose cost is not the sum of their ledger entries, or of which there is nothing but entries. */
  readonly astray: readonly string[];
}

/** Everything that claims and settlements have written. */
export interface State extends Records {
  /** By run. */
  readonly slots: Readonly<Record<string, SlotState>>;
  /** By `payer/counter`. */
  readonly tokens: Readonly<Record<string, BucketState>>;
  /** What claims are judged by: the counters, as far as whoever judges them has heard of them. Without zeros. */
  readonly heard: Readonly<Record<string, number>>;
  readonly memberHeard: Readonly<Record<string, number>>;
  /** Where the claim store contradicts itself, in words. */
  readonly faults: readonly string[];
}

export function periodKey(of: { readonly payerId: string; readonly periodStart: string }): string {
  return `${of.payerId}/${of.periodStart}`;
}

export function memberKey(of: {
  readonly payerId: string;
  readonly userId: string;
  readonly periodStart: string;
}): string {
  return `${of.payerId}/${of.userId}/${of.periodStart}`;
}

/** Tenths: what comes back to a bucket while a simulation runs is less. */
export function tenths(value: number): number {
  // Plus zero: there is no minus zero in JSON.
  return Math.round(value * 10) / 10 + 0;
}
