import type { Redis } from "ioredis";
import type postgres from "postgres";
import { ask } from "./ask.ts";
import type { Keys } from "./keys.ts";
import type { Owners } from "./owners.ts";
import { insertRunRows } from "./run-rows.ts";
import type { Slot } from "./slot.ts";

/**
 * Sees to it that a run's row is in PostgreSQL, and answers with its slot; null when it holds none. `claimed`: the slot,
 * by whoever has just claimed it. Runs that ask while others are being written are written together, next; never twice at
 * the same time, so that a row does not appear again behind a settlement that has just taken it away.
 */
export type RecordRun = (runId: string, claimed?: Slot) => Promise<Slot | null>;

export interface RunRecorderDeps {
  readonly redis: Redis;
  readonly sql: postgres.Sql;
  readonly keys: Keys;
  readonly owners: Pick<Owners, "keep">;
  readonly find: (runId: string) => Promise<Slot | null>;
}

interface Batch {
  /** With their slots, as far as they are known. */
  readonly runs: Map<string, Slot | null>;
  readonly written: Promise<ReadonlyMap<string, Slot>>;
}

export function createRunRecorder({ redis, sql, keys, owners, find }: RunRecorderDeps): RecordRun {
  let gathering: Batch | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function write(runs: Batch["runs"]): Promise<ReadonlyMap<string, Slot>> {
    const found = await Promise.all([...runs].map(async ([runId, slot]) => slot ?? (await find(runId))));
    const slots = found.filter((slot) => slot !== null);
    // One that is being reaped is written by whoever reaps it.
    const waiting = slots.filter(({ row, holder }) => row !== null && holder !== null);
    await insertRunRows(sql, waiting);
    await Promise.all([
      owners.keep(waiting.map(({ runId }) => runId)),
      ...waiting.map(({ payerId, runId }) => ask(redis.hdel(keys.payer(payerId).slot(runId), "row"))),
    ]);
    return new Map(slots.map((slot) => [slot.runId, slot]));
  }

  function gather(): Batch {
    const runs: Batch["runs"] = new Map();
    const written = last
      .catch(() => {})
      .then(() => {
        gathering = null;
        return write(runs);
      });
    last = written;
    return { runs, written };
  }

  return async (runId, claimed) => {
    gathering ??= gather();
    const { runs, written } = gathering;
    if (!runs.has(runId)) runs.set(runId, claimed ?? null);
    return (await written).get(runId) ?? null;
  };
}
