import { type DrizzleDatabase, ledgerEntries, subscriptions, usageCounters } from "@gantry/db";
import { eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { interleave, samplesOf } from "../measure/interleave.ts";
import { median, percentile } from "../measure/statistics.ts";
import { askOf, openAdmission } from "../stage/admission.ts";
import { chainOf } from "../stage/definition.ts";
import { type Stage, selectOne } from "../stage/stage.ts";
import { type BenchTenant, insertBenchTenant } from "../stage/tenants.ts";
import { atMost, type Section } from "../table/section.ts";
import type { Sizes } from "./sizes.ts";

/** Two tenants that differ in nothing but the length of their payer's ledger. */
export async function measureLedger({ hot, general }: Stage, sizes: Sizes): Promise<Section> {
  const { few, many } = sizes.ledgerRows;
  const admission = openAdmission(hot.sql, general.sql);
  const subjects = [];
  for (const rows of [few, many]) {
    const tenant = await insertBenchTenant(general.db, { definitions: [chainOf(10)] });
    await fillLedger(general.db, tenant, rows);
    const ask = askOf(tenant);
    subjects.push({ name: nameOf(rows), run: () => admission.admit(ask) });
  }
  await general.sql`VACUUM ANALYZE`;

  const between = () => admission.release();
  const { samples, warmUp } = sizes;
  const measured = await interleave([selectOne(hot.sql), ...subjects], {
    samples,
    warmUp,
    between,
    betweenEvery: 64,
  });
  const unitMs = median(samplesOf(measured, "select 1"));
  const fewMs = median(samplesOf(measured, nameOf(few)));
  return {
    title: "LEDGER",
    notes: [
      "timed: preflight at one caller, as above; the payers differ only in the rows of their ledger.",
      "the same: within 5 %.",
    ],
    columns: [
      { title: "p50 ms", unit: "ms" },
      { title: "p95 ms", unit: "ms" },
      { title: "p50", unit: "times" },
      { title: "vs few", unit: "times" },
    ],
    rows: [few, many].map((rows) => {
      const own = samplesOf(measured, nameOf(rows));
      const p50 = median(own);
      const row = {
        name: nameOf(rows),
        cells: [p50, percentile(own, 0.95), p50 / unitMs, p50 / fewMs],
      };
      return rows === few ? row : { ...row, verdict: atMost(p50 / fewMs, 1.05, "the same") };
    }),
  };
}

const nameOf = (rows: number) => `${rows.toLocaleString("en")} ledger rows`;

const chargeMicros = 5_000;

/** As settlement leaves it: entries of the current period, and the counter that sums them up. */
async function fillLedger(
  db: DrizzleDatabase,
  { userId, payerId, workspaceId }: BenchTenant,
  rows: number,
): Promise<void> {
  const [subscription] = await db.select().from(subscriptions).where(eq(subscriptions.userId, userId));
  if (subscription === undefined) throw new Error("The tenant has no subscription.");
  const { periodStart } = subscription;
  const batch = 2_500;
  for (let done = 0; done < rows; done += batch) {
    await db.insert(ledgerEntries).values(
      Array.from({ length: Math.min(batch, rows - done) }, () => {
        const runId = uuidv7();
        const amount = { kind: "base", amountMicros: chargeMicros } as const;
        return { eventKey: `${runId}:base`, payerId, userId, workspaceId, runId, periodStart, ...amount };
      }),
    );
  }
  await db.insert(usageCounters).values({ payerId, periodStart, settledMicros: rows * chargeMicros });
}
