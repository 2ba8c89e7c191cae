import { access } from "node:fs/promises";
import { join } from "node:path";
import { migrate } from "@gantry/db";
import { startEmbeddedPostgres } from "@gantry/db/embedded";
import { createTestDatabase, insertTenant, insertUsageCounter } from "@gantry/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { scratchDataDir, startGantry } from "./testing.ts";

let folder: Awaited<ReturnType<typeof scratchDataDir>>;
let dataDir = "";
beforeEach(async () => {
  folder = await scratchDataDir();
  dataDir = folder.path;
});
afterEach(() => folder[Symbol.asyncDispose]());

const gantry = (line: string, environment: Record<string, string> = {}) =>
  startGantry(line, { GANTRY_DATA_DIR: dataDir, ...environment }).ended;

test("ledger verify prints each difference and ends with 1, and with 0 when all agree", async () => {
  await using database = await createTestDatabase();
  const DATABASE_URL = database.url;
  const { userId, payerId } = await insertTenant(database.db);
  expect(await gantry("ledger verify", { DATABASE_URL })).toEqual({
    out: "The ledger and all counters agree: 0 entries, 0 counters.\n",
    err: "",
    code: 0,
  });
  await insertUsageCounter(database.db, {
    payerId,
    periodStart: new Date("2026-01-01T00:00:00Z"),
    settledMicros: 5_000,
  });
  const { out, err, code } = await gantry("ledger verify", { DATABASE_URL });
  expect({ lines: out.trimEnd().split("\n"), err, code }).toEqual({
    lines: [
      `${userId}@example.com  period from 2026-01-01T00:00:00.000000Z  counter $0.005000  ledger $0.000000  difference $0.005000`,
      "1 difference between the ledger and its counters: 0 entries, 1 counters.",
    ],
    err: "",
    code: 1,
  });
});

test("plan set prints before and after, and refuses an owner who does not exist", async () => {
  await using database = await createTestDatabase();
  const DATABASE_URL = database.url;
  const { userId } = await insertTenant(database.db);
  const { out, err, code } = await gantry(`plan set ${userId}@example.com team --seats 2 --limit 90`, {
    DATABASE_URL,
  });
  expect({ err, code }).toEqual({ err: "", code: 0 });
  const [before, after] = out.split("\n");
  expect(before).toBe("before  free  limit of the plan");
  expect(after).toMatch(/^after {3}team, 2 seats, \S+Z to \S+Z {2}limit set to \$90\.000000$/);
  expect(await gantry("plan set nobody free", { DATABASE_URL })).toEqual({
    out: "",
    err: "There is no organization with the slug nobody.\n",
    code: 2,
  });
});

test("user set-role appoints an admin, keeps the last one, and is in the audit log as the operator's doing", async () => {
  await using database = await createTestDatabase();
  const DATABASE_URL = database.url;
  const { userId } = await insertTenant(database.db);
  const email = `${userId}@example.com`;
  expect(await gantry(`user set-role ${email} admin`, { DATABASE_URL })).toEqual({
    out: "before  user\nafter   admin\n",
    err: "",
    code: 0,
  });
  expect(await gantry(`user set-role ${email} user`, { DATABASE_URL })).toEqual({
    out: "",
    err: `${email} is the only admin: appoint another one first.\n`,
    code: 2,
  });
  expect(await gantry("user set-role nobody@example.com admin", { DATABASE_URL })).toMatchObject({
    err: "There is no user with the email nobody@example.com.\n",
    code: 2,
  });
  await gantry(`plan set ${email} pro`, { DATABASE_URL });
  expect(await database.sql`SELECT actor_user_id, action, subject_id FROM audit_entries ORDER BY id`).toEqual(
    [
      { actor_user_id: null, action: "role.set", subject_id: userId },
      { actor_user_id: null, action: "payer.plan", subject_id: userId },
    ],
  );
});

test("bad arguments, a bad address and a database that is away end with 2 and one sentence each", async () => {
  expect(await gantry("ledger burn --now")).toEqual({
    out: "",
    err: 'There is no command "ledger burn".\n--now is not an option of this command.\ngantry help lists the commands.\n',
    code: 2,
  });
  const badAddress = await gantry("ledger verify", { DATABASE_URL: "mysql://example" });
  expect(badAddress).toMatchObject({ out: "", code: 2 });
  expect(badAddress.err).toMatch(/^DATABASE_URL must [^\n]+\n$/);
  const away = await gantry("ledger verify", { DATABASE_URL: "postgres://gantry:hidden@127.0.0.1:1/db" });
  expect(away).toMatchObject({ out: "", code: 2 });
  expect(away.err).toMatch(/^The database 127\.0\.0\.1:1\/db cannot be used: [^\n]*ECONNREFUSED[^\n]*\n$/);
});

test("a data folder without a database is left as it is", async () => {
  const { err, code } = await gantry("ledger verify");
  expect(code).toBe(2);
  expect(err).toContain(`There is no database in ${dataDir}`);
  await expect(access(join(dataDir, "postgres"))).rejects.toThrow("ENOENT");
});

test("the embedded database is used where a Gantry runs it, and started and stopped where none does", async () => {
  const options = { dataDir: join(dataDir, "postgres"), settings: { shared_buffers: "16MB" } };
  const running = await startEmbeddedPostgres(options);
  try {
    const early = await gantry("ledger verify");
    expect(early.err).toContain("lacks migrations");
    await migrate(running.url);
    expect(await gantry("ledger verify")).toMatchObject({ err: "", code: 0 });
  } finally {
    await running.stop();
  }
  expect(await gantry("ledger verify")).toMatchObject({ err: "", code: 0 });
  // It gave the folder back.
  await (await startEmbeddedPostgres(options)).stop();
});
