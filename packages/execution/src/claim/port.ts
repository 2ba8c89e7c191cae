import type { Bucket } from "@gantry/billing";
import type { ProfileName } from "../admission/profile.ts";

export interface ClaimRequest {
  readonly runId: string;
  readonly payerId: string;
  readonly userId: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  /** Null for a draft. */
  readonly versionId: string | null;
  readonly apiKeyId: string | null;
  readonly profile: ProfileName;
  readonly plan: string;
  /** JSON text, kept with the run. */
  readonly input: string;
  /** JSON text of the decision so far; a run that is lost keeps it. */
  readonly decision: string;
  readonly holder: string;
  readonly epoch: number;
  readonly leaseMs: number;
  readonly deadlineMs: number;
  /** Null: this run takes from no bucket. */
  readonly rate: (Bucket & { readonly counter: "sync" | "async" }) | null;
  /** Null: without limit. The same for the limits below. */
  readonly concurrentRunsMax: number | null;
  readonly holdMicros: number;
  readonly limitMicros: number | null;
  readonly memberLimitMicros: number | null;
  /** The period that the run is charged to, as the facts gave it. */
  readonly periodStart: string;
  /** True when the payer is an organization: settlement then counts for the actor, too. */
  readonly countsForMember: boolean;
}

/** The first thing that stood in the way; `claimed` when nothing did. */
export type ClaimResult =
  | "claimed"
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
  /** Until the first of the payer's runs in progress must have ended; null when none is. */
  readonly earliestEndMs: number | null;
  readonly settledMicros: number;
  readonly heldMicros: number;
  readonly memberSettledMicros: number;
  readonly memberHeldMicros: number;
}

export interface RenewedLease {
  readonly runId: string;
  readonly cancelRequested: boolean;
}

/**
 * Where rate tokens, slots and holds live.
 *
 * Every method throws when the store cannot answer. A claim that threw may have been taken: `abandon` gives it back,
 * and if that cannot be said either, the lease ends by itself.
 */
export interface ClaimStore {
  /** Takes a token, a slot and a hold: all of them, or nothing; the slot is the run's row until it ends. */
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  /** What `claim` would answer now. Takes and writes nothing. */
  inspect(request: ClaimRequest): Promise<ClaimAnswer>;
  /**
   * Waits until claims are on disk, for they are answered before: answers with those that still stand. What a claim
   * allows must not have effects outside before this.
   */
  persist(holder: string, runIds: readonly string[]): Promise<readonly string[]>;
  /** Prolongs the leases of a holder's runs. A run that is not in the answer has lost its slot. */
  renew(holder: string, runIds: readonly string[], leaseMs: number): Promise<readonly RenewedLease[]>;
  /** Gives back what a claim without an answer may have taken. True when it had. */
  abandon(runId: string, holder: string): Promise<boolean>;
  /** Ends every run whose lease has run out: `lost`, slot and hold released. Returns their ids. */
  reap(): Promise<readonly string[]>;
  /** Asks the holder of a run, wherever it is, to cancel it. False when the run holds no slot. */
  requestCancel(runId: string): Promise<boolean>;
}
