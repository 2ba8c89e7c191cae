import { setTimeout as pause } from "node:timers/promises";
import { createTestDatabase, type TestDatabase } from "@gantry/db/testing";
import { expect, test } from "vitest";
import { startGantry } from "../testing.ts";

// The whole command, with real API processes, from their built files: tests run after a build.

const scratchDatabases = async ({ sql }: TestDatabase) =>
  (
    await sql<{ name: string }[]>`
    SELECT datname AS name FROM pg_database WHERE datname LIKE 'gantry_guarantees_%'`
  ).map(({ name }) => name);

test("everything that is promised holds, and nothing is left behind in the operator's server", {
  timeout: 120_000,
}, async () => {
  await using own = await createTestDatabase({ migrated: false });
  const { out, err, code } = await startGantry("guarantees --runs 50", { DATABASE_URL: own.url }).ended;
  expect({ err, code, out: code === 0 ? "" : out }).toEqual({ err: "", code: 0, out: "" });
  expect(out).toMatch(/^ {2}50 runs at once, 10 slots +10 admitted, 10 in progress at once .* pass$/m);
  expect(out).toMatch(/^All \d+ hold\.$/m);
  expect(out).not.toContain("FAIL");
  expect(await scratchDatabases(own)).toEqual([]);
  expect(await own.sql`SELECT 1 FROM pg_tables WHERE schemaname = 'public'`).toEqual([]);
});

test("a Ctrl-C ends the processes and drops the database", { timeout: 60_000 }, async () => {
  await using own = await createTestDatabase({ migrated: false });
  const command = startGantry("guarantees --only kill --runs 50", { DATABASE_URL: own.url });
  const [name] = await until(async () => await scratchDatabases(own));
  // Runs are in progress.
  await until(async () => {
    const busy = await own.sql`
      SELECT pid FROM pg_stat_activity WHERE datname = ${name ?? ""} AND query LIKE '%ledger_entries%'`;
    return [...busy];
  });
  command.kill("SIGINT");
  const { err, code } = await command.ended;
  expect({ err, code }).toEqual({ err: "", code: 130 });
  expect(await scratchDatabases(own)).toEqual([]);
  // Processes that go on would knock at it for ever.
  expect(await own.sql`SELECT pid FROM pg_stat_activity WHERE datname = ${name ?? ""}`).toEqual([]);
});

/** The first answer that is not empty. */
async function until<T>(find: () => Promise<T[]>): Promise<T[]> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await find();
    if (found.length > 0) return found;
    if (Date.now() > deadline) throw new Error("It did not happen.");
    await pause(20);
  }
}
