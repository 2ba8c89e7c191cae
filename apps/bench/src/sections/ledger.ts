import {
  type DrizzleDatabase,
  ledgerEntries,
  memberUsageCounters,
  subscriptions,
  usageCounters,
} from "@gantry/db";
import { insertMemberLimit } from "@gantry/db/testing";
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

/** What a payer is, and how long its ledger. */
interface Payer {
  readonly kind: "user" | "organization";
  readonly rows: number;
}

/**
 * Payers that differ in the length of their ledger, and the same with all that an organization adds: a member with a cap
 * of its own, so that what this member has settled is read and judged, too.
 */
export async function measureLedger({ hot, general }: Stage, sizes: Sizes): Promise<Section> {
  const { few, many } = sizes.ledgerRows;
  const payers: readonly Payer[] = [
    { kind: "user", rows: few },
    { kind: "user", rows: many },
    { kind: "organization", rows: few },
    { kind: "organization", rows: many },
  ];
  const admission = openAdmission(hot.sql, general.sql);
  const subjects = [];
  for (const payer of payers) {
    const tenant = await insertBenchTenant(general.db, { payer: payer.kind, definitions: [chainOf(10)] });
    await fillLedger(general.db, tenant, payer);
    const ask = askOf(tenant);
    subjects.push({ name: nameOf(payer), run: () => admission.admit(ask) });
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
  return {
    title: "LEDGER",
    notes: [
      "timed: preflight at one caller, as above; payers of a kind differ only in the rows of their ledger.",
      "organization: on the pro plan, the actor is a member with a cap of its own.",
      "the same: within 5 %.",
    ],
    columns: [
      { title: "p50 ms", unit: "ms" },
      { title: "p95 ms", unit: "ms" },
      { title: "p50", unit: "times" },
      { title: "vs few", unit: "times" },
    ],
    rows: payers.map((payer) => {
      const own = samplesOf(measured, nameOf(payer));
      const p50 = median(own);
      const fewMs = median(samplesOf(measured, nameOf({ ...payer, rows: few })));
      const row = {
        name: nameOf(payer),
        cells: [p50, percentile(own, 0.95), p50 / unitMs, p50 / fewMs],
      };
      return payer.rows === few ? row : { ...row, verdict: atMost(p50 / fewMs, 1.05, "the same") };
    }),
  };
}

const nameOf = ({ kind, rows }: Payer) => `${kind}, ${rows.toLocaleString("en")} ledger rows`;

const chargeMicros = 5_000;

/** As settlement leaves it: entries of the current period, and the counters that sum them up. */
async function fillLedger(
  db: DrizzleDatabase,
  { userId, organizationId, payerId, workspaceId }: BenchTenant,
  { rows }: Payer,
): Promise<void> {
  const ownerId = organizationId ?? userId;
  const [subscription] = await db.select().from(subscriptions).where(eq(subscriptions.ownerId, ownerId));
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
  const settledMicros = rows * chargeMicros;
  await db.insert(usageCounters).values({ payerId, periodStart, settledMicros });
  if (organizationId === null) return;
  await db.insert(memberUsageCounters).values({ payerId, userId, periodStart, settledMicros });
  await insertMemberLimit(db, { payerId, userId, usageLimitMicros: 2 * settledMicros + 1_000_000_000 });
}
