import type postgres from "postgres";

/** Learns how long the runs of each workflow take. Written off the path of runs, in batches; what is lost is relearned. */
export interface TypicalDurations {
  add(workflowId: string, durationMs: number): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A new batch counts for this much of the smoothed value, all before it for the rest. */
const newShare = 0.3;

export function createTypicalDurations(
  sql: postgres.Sql,
  options: { readonly everyMs: number; readonly onError: (error: unknown) => void },
): TypicalDurations {
  let seen = new Map<string, { runs: number; totalMs: number }>();

  async function flush(): Promise<void> {
    if (seen.size === 0) return;
    const batch = [...seen].map(([id, { runs, totalMs }]) => ({ id, ms: totalMs / runs }));
    seen = new Map();
    try {
      await smooth(sql, batch);
    } catch (error) {
      options.onError(error);
    }
  }

  const timer = setInterval(() => void flush(), options.everyMs);
  timer.unref();
  return {
    add(workflowId, durationMs) {
      const { runs, totalMs } = seen.get(workflowId) ?? { runs: 0, totalMs: 0 };
      seen.set(workflowId, { runs: runs + 1, totalMs: totalMs + durationMs });
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

/** A value that is right within a tenth is left alone: most batches write nothing. */
async function smooth(
  sql: postgres.Sql,
  batch: readonly { readonly id: string; readonly ms: number }[],
): Promise<void> {
  await sql.unsafe(
    /* sql */ `
    UPDATE workflows w SET typical_run_ms = coalesce(w.typical_run_ms + $2::float8 * (b.ms - w.typical_run_ms), b.ms)
      FROM jsonb_to_recordset($1::text::jsonb) AS b(id text, ms float8)
     WHERE w.id = b.id
       AND (w.typical_run_ms IS NULL OR abs(b.ms - w.typical_run_ms) > greatest(w.typical_run_ms, 1) / 10)`,
    [JSON.stringify(batch), newShare],
    { prepare: true },
  );
}
