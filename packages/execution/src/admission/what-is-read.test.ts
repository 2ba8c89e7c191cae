import { type Database, openDatabase } from "@gantry/db";
import { createTestDatabase, insertTenant, type Tenant, type TestDatabase } from "@gantry/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { requestOf, topUpOf } from "../claim/contract/requests.ts";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import { payByOrganization } from "../testing/failing-gates.ts";
import { withKey } from "../testing/harness.ts";
import { readFacts } from "./facts.ts";

// What admission costs does not grow with what is not looked at.

let database: TestDatabase;
let one: Database;
let tenant: Tenant;
beforeAll(async () => {
  database = await createTestDatabase();
  // One connection, so that one transaction counts for all its statements.
  one = openDatabase({ url: database.url, poolMax: 1, applicationName: "one connection" });
  tenant = await payByOrganization(database, await insertTenant(database.db));
});
afterAll(async () => {
  await one.close();
  await database[Symbol.asyncDispose]();
});

/** How often facts, claim and top-up look at a table, by whatever way. */
async function looksAt(table: string, memberLimitMicros: number | null): Promise<number> {
  const { sql } = one;
  const claims = createPostgresClaimStore(sql);
  // Those of earlier transactions are in here until the server gathers them, which it does not do within one.
  const looks = async () => {
    const [row] = await sql<{ looks: number }[]>`
      SELECT (coalesce(seq_scan, 0) + coalesce(idx_scan, 0))::int AS looks
        FROM pg_stat_xact_user_tables WHERE relname = ${table}`;
    return row?.looks ?? Number.NaN;
  };
  await sql`BEGIN`;
  const before = await looks();
  await readFacts(sql, {
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    definition: "active",
    compiledVersionId: null,
  });
  const { payerId, userId, workspaceId, workflowId } = tenant;
  const claim = requestOf(
    { payerId, userId, workspaceId, workflowId, countsForMember: true },
    { memberLimitMicros },
  );
  expect(await claims.claim(claim)).toMatchObject({ result: "claimed" });
  expect(await claims.topUp(topUpOf(claim, 10_000))).toMatchObject({ result: "held" });
  const after = await looks();
  await sql`ROLLBACK`;
  return after - before;
}

test("the ledger is not: usage is a counter, however many entries it is made of", async () => {
  expect(await looksAt("usage_counters", null)).toBe(3);
  expect(await looksAt("ledger_entries", null)).toBe(0);
  expect(await looksAt("block_spans", null)).toBe(0);
});

test("the usage of a member without a cap is not: the cap is looked for first", async () => {
  expect(await looksAt("member_limits", null)).toBe(1);
  expect(await looksAt("member_usage_counters", null)).toBe(0);
  await database.sql`INSERT INTO member_limits VALUES (${tenant.payerId}, ${tenant.userId}, 1000000)`;
  expect(await looksAt("member_usage_counters", 1_000_000)).toBe(3);
});
