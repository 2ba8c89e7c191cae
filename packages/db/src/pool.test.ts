import { eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { openDatabase, users } from "./index.ts";
import { insertUser } from "./testing/index.ts";
import { startTcpProxy } from "./testing/tcp-proxy.ts";
import { createTestDatabase } from "./testing/test-database.ts";
import { warm } from "./warm.ts";

describe("pool", () => {
  test("hand-written SQL takes dates, text arrays and objects on the client that drizzle uses too", async () => {
    await using database = await createTestDatabase();
    const at = new Date("2026-01-02T03:04:05.678Z");
    const texts = ["plain", 'quote " and \\ backslash', "line\nbreak", "", "NULL", "é,{}"];
    const [row] = await database.sql`
      select extract(epoch from ${at}::timestamptz)::float8 * 1000 as at,
        to_jsonb(${texts}::text[]) as texts,
        ${database.sql.json({ a: [1, "x"] })}::jsonb as object`;
    expect(row).toEqual({ at: at.getTime(), texts, object: { a: [1, "x"] } });
  });

  test("drizzle reads back the instants that it wrote", async () => {
    await using database = await createTestDatabase();
    const at = new Date("2026-01-02T03:04:05.678Z");
    const user = await insertUser(database.db, { createdAt: at });
    const [read] = await database.db.select().from(users).where(eq(users.id, user.id));
    expect(read?.createdAt).toEqual(at);
  });

  test("time limits, the name and the plan mode arrive at the server", async () => {
    await using database = await createTestDatabase();
    const pool = openDatabase({
      url: database.url,
      poolMax: 1,
      applicationName: "gantry-hot",
      statementTimeoutMs: 50,
      idleInTransactionTimeoutMs: 1_234,
      hot: true,
    });
    const [row] = await pool.sql`
      select current_setting('application_name') as name, current_setting('plan_cache_mode') as plans,
        current_setting('idle_in_transaction_session_timeout') as idle`;
    expect(row).toEqual({ name: "gantry-hot", plans: "force_generic_plan", idle: "1234ms" });
    await expect(pool.sql`select pg_sleep(10)`).rejects.toMatchObject({ code: "57014" });
    await pool.close();
    await pool.close();
  });

  test("warming opens every connection and prepares its statements: a query then costs one round trip", async () => {
    await using database = await createTestDatabase();
    const target = new URL(database.url);
    await using proxy = await startTcpProxy({ target: { host: target.hostname, port: Number(target.port) } });
    target.port = String(proxy.port);
    const pool = openDatabase({ url: target.href, poolMax: 3, applicationName: "gantry-warm" });
    const find = (sql: typeof pool.sql, id: string) => sql`select name from users where id = ${id}`;

    await warm(pool.sql, 3, (connection) => find(connection, "nobody"));
    const [open] = await database.sql`
      select count(*)::int as n from pg_stat_activity where application_name = 'gantry-warm'`;
    expect(open?.["n"]).toBe(3);

    const before = proxy.roundTrips();
    await Promise.all([find(pool.sql, "a"), find(pool.sql, "b"), find(pool.sql, "c")]);
    expect(proxy.roundTrips() - before).toBe(3);
    await pool.close();
  });

  test("warming against an unreachable server throws", async () => {
    const pool = openDatabase({ url: "postgres://a:b@127.0.0.1:1/c", poolMax: 2, applicationName: "gantry" });
    await expect(warm(pool.sql, 2)).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
    await pool.close();
  });
});
