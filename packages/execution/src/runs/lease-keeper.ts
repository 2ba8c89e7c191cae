import type { ClaimStore } from "../claim/port.ts";

/** A run that this process holds a lease for. */
export interface HeldRun {
  readonly runId: string;
  /** Its slot is gone: somebody may run on in its place. */
  readonly onLost: () => void;
  readonly onCancelRequested: () => void;
}

export interface LeaseKeeper {
  hold(run: HeldRun): void;
  release(runId: string): void;
  /** Gives back a claim whose answer never came, as soon as the store answers again. */
  abandon(runId: string): void;
  /** One heartbeat now: renews, gives back, reaps. */
  beat(): Promise<void>;
  close(): void;
}

export interface LeaseKeeperOptions {
  readonly holder: string;
  readonly leaseMs: number;
  readonly everyMs: number;
  readonly onReaped: (runIds: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * The heartbeat of a process: one statement renews the leases of all its runs, one ends the runs of processes that are
 * gone. With a lease of 20 s and a beat of 5 s a slot is free again at most 25 s after its process was killed.
 */
export function createLeaseKeeper(claims: ClaimStore, options: LeaseKeeperOptions): LeaseKeeper {
  const held = new Map<string, HeldRun>();
  /** Each with the beats that are left to look for it: a claim may still be on its way to being taken. */
  const abandoned = new Map<string, number>();
  const beatsPerLease = Math.ceil(options.leaseMs / options.everyMs);
  let beating: Promise<void> | null = null;

  async function renewAll(): Promise<void> {
    const runIds = [...held.keys()];
    if (runIds.length === 0) return;
    const renewed = new Map(
      (await claims.renew(options.holder, runIds, options.leaseMs)).map((lease) => [lease.runId, lease]),
    );
    for (const runId of runIds) {
      const run = held.get(runId);
      const lease = renewed.get(runId);
      if (run === undefined) continue; // Released while the store answered.
      if (lease === undefined) run.onLost();
      else if (lease.cancelRequested) run.onCancelRequested();
    }
  }

  async function giveBackAbandoned(): Promise<void> {
    for (const [runId, beatsLeft] of abandoned) {
      const given = await claims.release(runId, options.holder);
      if (given || beatsLeft <= 1) abandoned.delete(runId);
      else abandoned.set(runId, beatsLeft - 1);
    }
  }

  async function reap(): Promise<void> {
    const reaped = await claims.reap();
    if (reaped.length > 0) options.onReaped(reaped);
  }

  async function beatOnce(): Promise<void> {
    for (const step of [renewAll, giveBackAbandoned, reap]) {
      try {
        await step();
      } catch (error) {
        options.onError(error);
      }
    }
  }

  function beat(): Promise<void> {
    beating ??= beatOnce().finally(() => {
      beating = null;
    });
    return beating;
  }

  const timer = setInterval(() => void beat(), options.everyMs);
  timer.unref();

  return {
    hold: (run) => void held.set(run.runId, run),
    release: (runId) => void held.delete(runId),
    abandon: (runId) => void abandoned.set(runId, beatsPerLease),
    beat,
    close: () => clearInterval(timer),
  };
}
