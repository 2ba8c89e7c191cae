import { shadowRefusals } from "@gantry/db";
import { createTestDatabase, insertTenant, type TestDatabase } from "@gantry/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { OperationsDeps, Principal } from "../deps.ts";
import { setShadowLimits } from "../payers/set-shadow-limits.ts";
import { insertAdmin, insertWorld, testDeps } from "../testing.ts";
import { shadowReport } from "./shadow-report.ts";

let database: TestDatabase;
let deps: OperationsDeps;
let admin: Principal;
beforeEach(async () => {
  database = await createTestDatabase();
  deps = testDeps(database);
  admin = await insertAdmin(database);
});
afterEach(() => database[Symbol.asyncDispose]());

async function report(cursor: string | null = null, limit = 10) {
  const page = await shadowReport(deps, admin, { cursor, limit });
  if (page.kind !== "ok") throw new Error(page.kind);
  return page;
}

const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
const shadowLimits = { usageLimitMicros: null, runsPerMinute: 30, concurrentRunsMax: null };

test("what a shadow limit would have refused is told by payer, gate and day, for thirty days", async () => {
  const { tenant, user } = await insertWorld(database);
  await setShadowLimits(deps, admin, { account: user, shadowLimits });
  const { payerId } = tenant;
  await database.db.insert(shadowRefusals).values([
    { payerId, gate: "rate", day: day(1), runs: 12 },
    { payerId, gate: "concurrency", day: day(1), runs: 3 },
    { payerId, gate: "usage", day: day(0), runs: 1 },
    { payerId, gate: "usage", day: day(40), runs: 99 },
  ]);
  expect(await report()).toMatchObject({
    days: 30,
    nextCursor: null,
    items: [
      {
        ...user,
        shadowLimits,
        days: [
          { day: day(0), usage: 1, rate: 0, concurrency: 0 },
          { day: day(1), usage: 0, rate: 12, concurrency: 3 },
        ],
      },
    ],
  });
});

test("a limit that refused nobody yet is there, what was recorded stays when it is taken away, and others are not there", async () => {
  const rehearsing = await insertTenant(database.db);
  await setShadowLimits(deps, admin, { account: { kind: "user", id: rehearsing.userId }, shadowLimits });
  const past = await insertTenant(database.db);
  await database.db
    .insert(shadowRefusals)
    .values({ payerId: past.payerId, gate: "rate", day: day(2), runs: 5 });
  await insertTenant(database.db);
  const first = await report(null, 1);
  const second = await report(first.nextCursor, 1);
  expect([...first.items, ...second.items]).toMatchObject([
    { id: past.userId, days: [{ rate: 5 }] },
    { id: rehearsing.userId, days: [] },
  ]);
  expect(second.nextCursor).toBeNull();
});
