import type postgres from "postgres";
import type { Decision, PreflightTimings } from "../admission/decision.ts";

export interface RefusedRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly versionId: string | null;
  readonly profile: string;
  readonly actorUserId: string;
  readonly apiKeyId: string | null;
  readonly payerId: string | null;
  readonly plan: string | null;
  readonly refusalCode: string;
  readonly decision: Decision;
  readonly timings: PreflightTimings;
  /** Unix milliseconds. */
  readonly at: number;
}

export interface RefusalRecorder {
  /** Never waits and never throws. False when the queue is full and the record was dropped. */
  record(run: RefusedRun): boolean;
  /** Writes what is queued. */
  flush(): Promise<void>;
  stats(): { readonly queued: number; readonly written: number; readonly dropped: number };
  close(): Promise<void>;
}

export interface RefusalRecorderOptions {
  readonly queueMax: number;
  readonly batchMax: number;
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/**
 * Writes refused runs in batches, off the path: a refusal costs its caller nothing but the answer. The queue is
 * bounded; in a flood the newest records are dropped and counted.
 */
export function createRefusalRecorder(sql: postgres.Sql, options: RefusalRecorderOptions): RefusalRecorder {
  let queue: RefusedRun[] = [];
  let written = 0;
  let dropped = 0;
  let writing: Promise<void> = Promise.resolve();

  async function writeQueued(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, options.batchMax);
      try {
        written += await insertRefusedRuns(sql, batch);
        queue = queue.slice(batch.length);
      } catch (error) {
        options.onError(error);
        return; // What is queued waits for the next turn.
      }
    }
  }

  function flush(): Promise<void> {
    writing = writing.then(writeQueued);
    return writing;
  }

  const timer = setInterval(() => {
    if (queue.length > 0) void flush();
  }, options.everyMs);
  timer.unref();

  return {
    record(run) {
      if (queue.length >= options.queueMax) {
        dropped += 1;
        return false;
      }
      queue.push(run);
      return true;
    },
    flush,
    stats: () => ({ queued: queue.length, written, dropped }),
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

function toRow({ decision, timings, ...run }: RefusedRun) {
  return { ...run, decision: JSON.stringify(decision), timings: JSON.stringify(timings) };
}

/** A workflow that was deleted meanwhile takes its records with it. */
async function insertRefusedRuns(sql: postgres.Sql, batch: readonly RefusedRun[]): Promise<number> {
  const rows = await sql.unsafe(
    /* sql */ `
    INSERT INTO runs (id, workspace_id, workflow_id, version_id, profile, actor_user_id, api_key_id, payer_id, plan,
                      status, refusal_code, decision, timings, created_at, ended_at)
    SELECT r.id, w.workspace_id, w.id, r."versionId", r.profile, r."actorUserId", r."apiKeyId", r."payerId", r.plan,
           'refused', r."refusalCode", r.decision, r.timings, to_timestamp(r.at / 1000), to_timestamp(r.at / 1000)
      FROM jsonb_to_recordset($1::text::jsonb) AS r(id text, "workspaceId" text, "workflowId" text, "versionId" text,
           profile text, "actorUserId" text, "apiKeyId" text, "payerId" text, plan text, "refusalCode" text,
           decision text, timings text, at float8)
      JOIN workflows w ON w.id = r."workflowId"
    ON CONFLICT (id) DO NOTHING
    RETURNING id`,
    [JSON.stringify(batch.map(toRow))],
    { prepare: true },
  );
  return rows.length;
}
