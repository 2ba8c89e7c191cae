import type postgres from "postgres";
import type { Decision } from "../admission/decision.ts";
import type { ShadowLimits } from "../admission/facts.ts";

/** Records what shadow limits would have refused. Off the path of runs, in batches, and never in a run's way. */
export interface ShadowRecorder {
  /** An admitted run of a payer that has shadow limits. */
  admitted(payerId: string, shadow: ShadowLimits, decision: Decision): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export type ShadowGate = "usage" | "rate" | "concurrency";

/** The gates of an admitted run that a shadow limit would have refused; `rate` is judged by the recorder's own bucket. */
function shadowRefusalsOf(shadow: ShadowLimits, decision: Decision): readonly Exclude<ShadowGate, "rate">[] {
  const numbers = (gate: string) => decision.find((verdict) => verdict.gate === gate)?.numbers ?? {};
  const { inUse } = numbers("concurrency");
  const { settledMicros, heldMicros, holdMicros } = numbers("hold");
  const refusing: Exclude<ShadowGate, "rate">[] = [];
  if (
    shadow.usageLimitMicros !== null &&
    Number(settledMicros ?? 0) + Number(heldMicros ?? 0) + Number(holdMicros ?? 0) > shadow.usageLimitMicros
  )
    refusing.push("usage");
  if (shadow.concurrentRunsMax !== null && Number(inUse ?? 0) >= shadow.concurrentRunsMax)
    refusing.push("concurrency");
  return refusing;
}

interface Counted {
  /** Those that a rate is asked of; the editor's runs are not among them. */
  runs: number;
  perMinute: number | null;
  readonly refused: { usage: number; concurrency: number };
}

export function createShadowRecorder(
  sql: postgres.Sql,
  options: { readonly everyMs: number; readonly onError: (error: unknown) => void },
): ShadowRecorder {
  let counted = new Map<string, Counted>();
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    if (counted.size === 0) return;
    const batch = [...counted].map(([payerId, { runs, perMinute, refused }]) => ({
      payer_id: payerId,
      runs,
      per_minute: perMinute,
      ...refused,
    }));
    counted = new Map();
    try {
      await recordBatch(sql, batch);
    } catch (error) {
      options.onError(error);
    }
  }
  const flush = (): Promise<void> => {
    writing = writing.then(write);
    return writing;
  };
  const timer = setInterval(() => void flush(), options.everyMs);
  timer.unref();

  return {
    admitted(payerId, shadow, decision) {
      const entry = counted.get(payerId) ?? {
        runs: 0,
        perMinute: null,
        refused: { usage: 0, concurrency: 0 },
      };
      if (decision.some(({ gate, verdict }) => gate === "rate" && verdict === "pass")) entry.runs += 1;
      entry.perMinute = shadow.runsPerMinute;
      for (const gate of shadowRefusalsOf(shadow, decision)) entry.refused[gate] += 1;
      counted.set(payerId, entry);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

interface BatchRow {
  readonly payer_id: string;
  readonly runs: number;
  readonly per_minute: number | null;
  readonly usage: number;
  readonly concurrency: number;
}

/**
 * The shadow bucket is a row beside the real ones. A batch takes as many tokens as there are; the runs beyond those are
 * what it would have refused.
 */
async function recordBatch(sql: postgres.Sql, batch: readonly BatchRow[]): Promise<void> {
  await sql.unsafe(
    /* sql */ `
    WITH b AS (
      SELECT * FROM jsonb_to_recordset($1::text::jsonb)
                 AS r(payer_id text, runs int, per_minute float8, usage int, concurrency int)
       WHERE EXISTS (SELECT FROM payers p WHERE p.id = r.payer_id)
    ), rated AS (
      SELECT b.payer_id, b.runs,
             floor(least(2 * b.per_minute, coalesce(k.tokens
               + greatest(0, extract(epoch FROM clock_timestamp() - k.refilled_at)) * b.per_minute / 60,
               2 * b.per_minute)))::int AS whole,
             least(2 * b.per_minute, coalesce(k.tokens
               + greatest(0, extract(epoch FROM clock_timestamp() - k.refilled_at)) * b.per_minute / 60,
               2 * b.per_minute)) AS tokens
        FROM b LEFT JOIN rate_buckets k ON k.payer_id = b.payer_id AND k.counter = 'shadow'
       WHERE b.per_minute IS NOT NULL
    ), taken AS (
      INSERT INTO rate_buckets (payer_id, counter, tokens, refilled_at)
      SELECT payer_id, 'shadow', tokens - least(runs, whole), clock_timestamp() FROM rated
      ON CONFLICT (payer_id, counter) DO UPDATE SET tokens = excluded.tokens, refilled_at = excluded.refilled_at
    )
    INSERT INTO shadow_refusals AS s (payer_id, gate, day, runs)
    SELECT payer_id, gate, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD'), runs
      FROM (SELECT payer_id, 'usage' AS gate, usage AS runs FROM b
            UNION ALL SELECT payer_id, 'concurrency', concurrency FROM b
            UNION ALL SELECT payer_id, 'rate', greatest(0, runs - whole) FROM rated) refused
     WHERE runs > 0
    ON CONFLICT (payer_id, gate, day) DO UPDATE SET runs = s.runs + excluded.runs`,
    [JSON.stringify(batch)],
    { prepare: true },
  );
}
