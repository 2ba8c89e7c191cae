import type { Bucket } from "@gantry/billing";
import type { ProfileName } from "../admission/profile.ts";
import type { ModelCharge } from "../engine/events.ts";
import type { Settled, Settlement } from "./settlement.ts";

/** Whose money and whose slots. The same for all that one run claims, tops up and settles. */
export interface ClaimPayer {
  readonly payerId: string;
  readonly userId: string;
  /** Null: without limit. */
  readonly limitMicros: number | null;
  readonly memberLimitMicros: number | null;
  /** The period that the run is charged to, as the facts gave it. ISO 8601. */
  readonly periodStart: string;
}

export interface ClaimRequest extends ClaimPayer {
  readonly runId: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  /** Null for a draft. */
  readonly versionId: string | null;
  readonly apiKeyId: string | null;
  readonly profile: ProfileName;
  readonly plan: string;
  /** JSON text of the payer snapshot; it travels with the run. */
  readonly payer: string;
  /** JSON text, kept with the run. */
  readonly input: string;
  /** JSON text of the decision so far; a run that is lost keeps it. */
  readonly decision: string;
  readonly holder: string;
  readonly epoch: number;
  readonly leaseMs: number;
  readonly deadlineMs: number;
  /** How long such a run is expected to take; at most `deadlineMs`. */
  readonly expectedMs: number;
  /** Null: this run takes from no bucket. */
  readonly rate: (Bucket & { readonly counter: RateCounter }) | null;
  /** Null: without limit. */
  readonly concurrentRunsMax: number | null;
  /** What the run may spend before it must top up; the base charge is in it. */
  readonly holdMicros: number;
  /** True when the payer is an organization: settlement then counts for the actor, too. */
  readonly countsForMember: boolean;
  /** What the facts read, and at most how long ago that was. For a store that does not keep the ledger itself. */
  readonly known: {
    readonly ageMs: number;
    readonly settledMicros: number;
    readonly memberSettledMicros: number;
  };
}

export type RateCounter = "sync" | "async";

/**
 * The first thing that stood in the way; `claimed` when nothing did, or when this very run holds its slot already.
 * `conflict`: the run's id belongs to another payer, or to a run that has ended.
 */
export type ClaimResult =
  | "claimed"
  | "conflict"
  | "usage"
  | "member_usage"
  | "rate"
  | "concurrency"
  | "payer_headroom"
  | "member_headroom";

/** What the store saw at that instant, before it took anything. */
export interface ClaimAnswer {
  readonly result: ClaimResult;
  /** Tokens in the bucket; null when no bucket applies. */
  readonly tokens: number | null;
  readonly slotsInUse: number;
  /** Until the first of the payer's runs in progress is expected to end; null when none is. */
  readonly earliestEndMs: number | null;
  readonly settledMicros: number;
  readonly heldMicros: number;
  readonly memberSettledMicros: number;
  readonly memberHeldMicros: number;
}

/** More money for a run in progress. */
export interface TopUpRequest extends ClaimPayer {
  readonly runId: string;
  readonly epoch: number;
  /** On top of what the run holds. */
  readonly addMicros: number;
}

export interface TopUpAnswer
  extends Pick<
    ClaimAnswer,
    "settledMicros" | "heldMicros" | "memberSettledMicros" | "memberHeldMicros" | "earliestEndMs"
  > {
  /** `lost`: the run has no slot under this epoch any more. */
  readonly result: "held" | "lost" | "usage" | "member_usage" | "payer_headroom" | "member_headroom";
}

/** A model call that a run in progress has made: it moves from held to settled before the run ends. */
export interface CallSettlement {
  readonly runId: string;
  readonly epoch: number;
  readonly charge: ModelCharge;
}

export interface RenewedLease {
  readonly runId: string;
  readonly cancelRequested: boolean;
}

/** What a payer has in use now, for the eyes of people. */
export interface PayerInUse {
  readonly slots: number;
  readonly heldMicros: number;
  readonly memberHeldMicros: number;
  /** Tokens that are left, not rounded; null for a bucket that was not asked about. */
  readonly tokens: Readonly<Record<RateCounter, number | null>>;
}

/**
 * Where rate tokens, slots and holds live.
 *
 * Every method throws when the store cannot answer. A claim that threw may have been taken: asking again with the same
 * run id is safe, `release` gives it back, and if neither can be said the lease ends by itself.
 */
export interface ClaimStore {
  /** Whether the facts statement reads this store's token buckets along; otherwise `inUse` has to be asked. */
  readonly bucketsInFacts: boolean;
  /** Takes a token, a slot and a hold: all of them, or nothing; the slot is the run's row until it ends. */
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  /** What `claim` would answer now. Takes and writes nothing. */
  inspect(request: ClaimRequest): Promise<ClaimAnswer>;
  /** What the payer's runs have in use. Takes and writes nothing. */
  inUse(
    payer: Pick<ClaimPayer, "payerId" | "userId">,
    buckets: Readonly<Record<RateCounter, Bucket | null>>,
  ): Promise<PayerInUse>;
  /**
   * Waits until claims and top-ups are on disk, for they are answered before: answers with the runs that still stand.
   * What a claim allows must not have effects outside before this.
   */
  persist(holder: string, runIds: readonly string[]): Promise<readonly string[]>;
  /** Prolongs the leases of a holder's runs. A run that is not in the answer has lost its slot. */
  renew(holder: string, runIds: readonly string[], leaseMs: number): Promise<readonly RenewedLease[]>;
  /** Sets more aside for a run, or nothing. */
  topUp(request: TopUpRequest): Promise<TopUpAnswer>;
  /** Charges one model call of a run in progress. Again, or too late: changes nothing. */
  settleCall(call: CallSettlement): Promise<void>;
  /** Ends a run: see `Settlement`. Again, or too late: changes nothing and tells how it ended. */
  settle(settlement: Settlement): Promise<Settled>;
  /** Gives back what a claim without an answer may have taken, its token too. True when it had. */
  release(runId: string, holder: string): Promise<boolean>;
  /** Ends every run whose lease has run out: `lost`, slot and hold released, what was settled stays. Returns their ids. */
  reap(): Promise<readonly string[]>;
  /** The same for one run, whatever its lease says: for an operator. False when it holds no slot. */
  free(runId: string): Promise<boolean>;
  /** Asks the holder of a run, wherever it is, to cancel it. False when the run holds no slot. */
  requestCancel(runId: string): Promise<boolean>;
}
