import { ledgerEntries, usageCounters } from "@gantry/db";
import {
  createTestDatabase,
  insertOrganization,
  insertPayer,
  insertTenant,
  insertUser,
  type TestDatabase,
} from "@gantry/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyLedger } from "./verify-ledger.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database[Symbol.asyncDispose]());

const january = new Date("2026-01-01T00:00:00.000Z");
const february = new Date("2026-02-01T00:00:00.000Z");

interface Spending {
  readonly payerId: string;
  readonly userId: string;
  readonly periodStart?: Date;
  readonly amountMicros?: number;
}

let runs = 0;

/** One entry, as settlement writes it. */
async function enter({ payerId, userId, periodStart = january, amountMicros = 5_000 }: Spending) {
  const runId = `run-${(runs += 1)}`;
  await database.db.insert(ledgerEntries).values({
    eventKey: `${runId}:base`,
    payerId,
    userId,
    workspaceId: "workspace",
    runId,
    periodStart,
    kind: "base",
    amountMicros,
  });
}

/** An entry and the payer's counter; for a member of an organization also theirs. */
async function settle(spending: Spending, countsForMember: boolean) {
  const { payerId, userId, periodStart = january, amountMicros = 5_000 } = spending;
  await enter(spending);
  await database.sql`
    INSERT INTO usage_counters AS c VALUES (${payerId}, ${periodStart}, ${amountMicros})
    ON CONFLICT (payer_id, period_start) DO UPDATE SET settled_micros = c.settled_micros + excluded.settled_micros`;
  if (!countsForMember) return;
  await database.sql`
    INSERT INTO member_usage_counters AS c VALUES (${payerId}, ${userId}, ${periodStart}, ${amountMicros})
    ON CONFLICT (payer_id, user_id, period_start)
    DO UPDATE SET settled_micros = c.settled_micros + excluded.settled_micros`;
}

async function organizationWithSpending() {
  const { id: organizationId, slug } = await insertOrganization(database.db, { slug: "acme" });
  const payer = await insertPayer(database.db, { organizationId });
  const ada = await insertUser(database.db, { email: "ada@example.com" });
  const bob = await insertUser(database.db, { email: "bob@example.com" });
  await settle({ payerId: payer.id, userId: ada.id }, true);
  await settle({ payerId: payer.id, userId: ada.id, amountMicros: 700 }, true);
  await settle({ payerId: payer.id, userId: bob.id }, true);
  return { organizationId, slug, payerId: payer.id, ada, bob };
}

test("an empty ledger agrees with no counters", async () => {
  expect(await verifyLedger(database.sql)).toEqual({ entries: 0, counters: 0, differences: [] });
});

test("ledger and counters agree after settlements of users and organizations in several periods", async () => {
  const tenant = await insertTenant(database.db);
  await settle(tenant, false);
  await settle({ ...tenant, amountMicros: 1 }, false);
  await settle({ ...tenant, periodStart: february }, false);
  await organizationWithSpending();
  expect(await verifyLedger(database.sql)).toEqual({ entries: 6, counters: 5, differences: [] });
});

test("a counter that was changed, one that is missing and one that has no entries are each found", async () => {
  const tenant = await insertTenant(database.db);
  await settle(tenant, false);
  await database.db.update(usageCounters).set({ settledMicros: 4_999 });
  await enter({ ...tenant, periodStart: february });
  const extra = new Date("2026-03-01T00:00:00.000Z");
  await database.db
    .insert(usageCounters)
    .values({ payerId: tenant.payerId, periodStart: extra, settledMicros: 1 });

  const { differences } = await verifyLedger(database.sql);
  expect(differences).toMatchObject([
    { periodStart: "2026-01-01T00:00:00.000000Z", counterMicros: 4_999, ledgerMicros: 5_000 },
    { periodStart: "2026-02-01T00:00:00.000000Z", counterMicros: null, ledgerMicros: 5_000 },
    { periodStart: "2026-03-01T00:00:00.000000Z", counterMicros: 1, ledgerMicros: 0 },
  ]);
  expect(new Set(differences.map(({ payerId }) => payerId))).toEqual(new Set([tenant.payerId]));
});

test("a counter of zero is the same as none", async () => {
  const tenant = await insertTenant(database.db);
  await database.db.insert(usageCounters).values({ payerId: tenant.payerId, periodStart: january });
  await enter({ ...tenant, periodStart: february, amountMicros: 0 });
  expect(await verifyLedger(database.sql)).toEqual({ entries: 1, counters: 1, differences: [] });
});

test("a counter for a period that began a microsecond later is another counter", async () => {
  const tenant = await insertTenant(database.db);
  await settle(tenant, false);
  await database.sql`UPDATE usage_counters SET period_start = period_start + interval '1 microsecond'`;
  expect((await verifyLedger(database.sql)).differences).toMatchObject([
    { periodStart: "2026-01-01T00:00:00.000000Z", counterMicros: null, ledgerMicros: 5_000 },
    { periodStart: "2026-01-01T00:00:00.000001Z", counterMicros: 5_000, ledgerMicros: 0 },
  ]);
});

test("a member's counter that was changed or is missing is found, by payer and member", async () => {
  const { ada, bob, payerId } = await organizationWithSpending();
  await database.sql`UPDATE member_usage_counters SET settled_micros = 6000 WHERE user_id = ${ada.id}`;
  await database.sql`DELETE FROM member_usage_counters WHERE user_id = ${bob.id}`;
  const periodStart = "2026-01-01T00:00:00.000000Z";
  expect((await verifyLedger(database.sql)).differences).toEqual([
    { payerId, payer: "acme", member: ada.email, periodStart, counterMicros: 6_000, ledgerMicros: 5_700 },
    { payerId, payer: "acme", member: bob.email, periodStart, counterMicros: null, ledgerMicros: 5_000 },
  ]);
});

test("a paying user has no members: a counter of one is a difference", async () => {
  const tenant = await insertTenant(database.db);
  await settle(tenant, true);
  expect((await verifyLedger(database.sql)).differences).toMatchObject([
    { payerId: tenant.payerId, counterMicros: 5_000, ledgerMicros: 0 },
  ]);
});

test("once an organization is deleted, its members' counters are still compared, and none is missed", async () => {
  const { organizationId, payerId, ada, bob } = await organizationWithSpending();
  await database.sql`DELETE FROM organizations WHERE id = ${organizationId}`;
  expect((await verifyLedger(database.sql)).differences).toEqual([]);
  await database.sql`DELETE FROM member_usage_counters WHERE user_id = ${bob.id}`;
  await database.sql`UPDATE member_usage_counters SET settled_micros = 1 WHERE user_id = ${ada.id}`;
  expect((await verifyLedger(database.sql)).differences).toMatchObject([
    { payerId, payer: `deleted payer ${payerId}`, member: ada.email, counterMicros: 1, ledgerMicros: 5_700 },
  ]);
});

test("what settles while it verifies is never half seen", async () => {
  const tenant = await insertTenant(database.db);
  const { payerId, userId } = tenant;
  const verified = new AbortController();
  const settling = (async () => {
    for (let run = 0; !verified.signal.aborted; run += 1) {
      await database.sql`
        WITH entry AS (
          INSERT INTO ledger_entries (event_key, payer_id, user_id, workspace_id, run_id, period_start, kind, amount_micros)
          VALUES (${`busy-${run}`}, ${payerId}, ${userId}, 'w', ${`busy-${run}`}, ${january}, 'base', 1)
          RETURNING amount_micros)
        INSERT INTO usage_counters AS c (payer_id, period_start, settled_micros)
        SELECT ${payerId}, ${january}, amount_micros FROM entry
        ON CONFLICT (payer_id, period_start) DO UPDATE SET settled_micros = c.settled_micros + 1`;
    }
  })();
  try {
    for (let round = 0; round < 30; round += 1) {
      expect((await verifyLedger(database.sql)).differences).toEqual([]);
    }
  } finally {
    verified.abort();
    await settling;
  }
});
