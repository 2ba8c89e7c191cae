import { setTimeout as pause } from "node:timers/promises";
import { sql as statement } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "./pool.ts";
import { classifyStoreFailure } from "./store-failure.ts";
import { startTcpProxy } from "./testing/tcp-proxy.ts";
import { createTestDatabase, type TestDatabase } from "./testing/test-database.ts";

describe("the table of codes", () => {
  const driver = "CONNECTION_CLOSED CONNECTION_ENDED CONNECTION_DESTROYED CONNECT_TIMEOUT";
  const socket = "ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH ENOTFOUND EAI_AGAIN";
  const server = "25006 57014 57P01 57P02 57P03";
  const byClass = "08000 08001 08003 08004 08006 08007 08P01 53000 53100 53200 53300 53400";
  test.each(`${driver} ${socket} ${server} ${byClass}`.split(" "))("%s: the store is unavailable", (code) => {
    expect(classifyStoreFailure(coded(code))).toBe("unavailable");
  });

  test.each(["40001", "40P01", "55P03"])("%s: a conflict", (code) => {
    expect(classifyStoreFailure(coded(code))).toBe("conflict");
  });

  const others = "23505 42P01 42601 22P02 28P01 3D000 XX000 40002 57P04 25001 ENOENT SASL_SIGNATURE_MISMATCH";
  // Neither a prefix, nor another case, nor an inherited name is a code.
  const noCodes = "08 53 530 0800012 53abc econnrefused constructor";
  test.each(["", ...`${others} ${noCodes}`.split(" ")])("%j: a defect", (code) => {
    expect(classifyStoreFailure(coded(code))).toBe("defect");
  });

  test.each([undefined, null, "ECONNREFUSED", 57014, {}, { code: 57014 }, new Error("ECONNREFUSED"), []])(
    "what carries no code is a defect: %j",
    (thrown) => {
      expect(classifyStoreFailure(thrown)).toBe("defect");
    },
  );
});

describe("what is wrapped", () => {
  test("a cause is found at any depth, under wrappers whose own codes mean nothing here", () => {
    const wrapped = Object.assign(
      new Error("outer", { cause: new Error("middle", { cause: coded("57P01") }) }),
      {
        code: "INTERNAL_SERVER_ERROR",
      },
    );
    expect(classifyStoreFailure(wrapped)).toBe("unavailable");
    expect(classifyStoreFailure({ cause: coded("40001") })).toBe("conflict");
  });

  test("one of several attempts to connect is enough, also when only the inner errors carry a code", () => {
    const attempts = [new Error("no code"), coded("ECONNREFUSED")];
    expect(classifyStoreFailure(new AggregateError(attempts))).toBe("unavailable");
    expect(classifyStoreFailure(new Error("outer", { cause: new AggregateError(attempts) }))).toBe(
      "unavailable",
    );
    expect(classifyStoreFailure(new AggregateError([], "", { cause: coded("40P01") }))).toBe("conflict");
    expect(classifyStoreFailure(new AggregateError([new Error("no code")]))).toBe("defect");
  });

  test("the outermost known code decides", () => {
    expect(
      classifyStoreFailure(Object.assign(new Error("x", { cause: coded("57P01") }), { code: "40001" })),
    ).toBe("conflict");
  });

  test("errors that name each other as cause end", () => {
    const one = new Error("one");
    const other = new Error("other", { cause: one });
    one.cause = other;
    expect(classifyStoreFailure(one)).toBe("defect");
  });
});

describe("what the driver really throws", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  test("a connection that is cut under a query, and every attempt while it is: unavailable, then well again", async () => {
    await using proxied = await behindProxy(database);
    const inFlight = thrownBy(proxied.pool.db.execute(statement`select pg_sleep(60)`));
    await sleeping(database, proxied.name);
    await proxied.proxy.cut();
    expect(await verdictAndCode(inFlight)).toEqual(["unavailable", "CONNECTION_CLOSED"]);
    expect(await verdictAndCode(thrownBy(proxied.pool.sql`select 1`))).toEqual([
      "unavailable",
      "ECONNREFUSED",
    ]);
    expect(classifyStoreFailure(await thrownBy(proxied.pool.db.execute(statement`select 1`)))).toBe(
      "unavailable",
    );
    await proxied.proxy.restore();
    expect(await proxied.pool.sql`select 1 as one`).toEqual([{ one: 1 }]);
  });

  test("a server that accepts connections and never answers: unavailable", async () => {
    await using proxied = await behindProxy(database, { connectTimeoutMs: 100 });
    proxied.proxy.stall();
    expect(await verdictAndCode(thrownBy(proxied.pool.sql`select 1`))).toEqual([
      "unavailable",
      "CONNECT_TIMEOUT",
    ]);
    await proxied.proxy.restore();
  });

  test("a session that an administrator ends: unavailable", async () => {
    const name = "gantry-terminated";
    const pool = openDatabase({ url: database.url, poolMax: 1, applicationName: name });
    const inFlight = thrownBy(pool.sql`select pg_sleep(60)`);
    await sleeping(database, name);
    await database.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${name}`;
    // The server said 57P01. postgres.js 3.4.9 drops the reason of a query in flight when the connection closes.
    expect(await verdictAndCode(inFlight)).toEqual(["unavailable", "CONNECTION_CLOSED"]);
    await pool.sql.end({ timeout: 0 });
  });

  test("a statement that exceeds its time: unavailable, also under drizzle", async () => {
    const options = { url: database.url, poolMax: 1, applicationName: "gantry-slow", statementTimeoutMs: 50 };
    const pool = openDatabase(options);
    expect(await verdictAndCode(thrownBy(pool.sql`select pg_sleep(60)`))).toEqual(["unavailable", "57014"]);
    const wrapped = await thrownBy(pool.db.execute(statement`select pg_sleep(60)`));
    expect(wrapped).not.toHaveProperty("code");
    expect(classifyStoreFailure(wrapped)).toBe("unavailable");
    await pool.close();
  });

  test("a pool that is closed, and one that is destroyed under a query: unavailable", async () => {
    const name = "gantry-closed";
    const pool = openDatabase({ url: database.url, poolMax: 1, applicationName: name });
    const inFlight = thrownBy(pool.sql`select pg_sleep(60)`);
    await sleeping(database, name);
    await pool.sql.end({ timeout: 0 });
    expect(await verdictAndCode(inFlight)).toEqual(["unavailable", "CONNECTION_DESTROYED"]);
    expect(await verdictAndCode(thrownBy(pool.sql`select 1`))).toEqual(["unavailable", "CONNECTION_ENDED"]);
  });

  test("a server that only reads, as a former primary does: unavailable", async () => {
    const thrown = thrownBy(
      database.sql.begin("read only", (sql) => sql`delete from users`.then(() => undefined)),
    );
    expect(await verdictAndCode(thrown)).toEqual(["unavailable", "25006"]);
  });

  test("a server without a free connection: unavailable", async () => {
    const role = `limited_${crypto.randomUUID().replaceAll("-", "")}`;
    await database.sql.unsafe(`create role ${role} login password 'x' connection limit 0`);
    const url = new URL(database.url);
    url.username = role;
    url.password = "x";
    const pool = openDatabase({ url: url.href, poolMax: 1, applicationName: "gantry-limited" });
    expect(await verdictAndCode(thrownBy(pool.sql`select 1`))).toEqual(["unavailable", "53300"]);
    await pool.close();
    await database.sql.unsafe(`drop role ${role}`);
  });

  test("a row that another transaction holds or has changed: a conflict", async () => {
    await database.sql`create table held as select 1 as n`;
    const locked = database.sql.begin(async (sql) => {
      await sql`select n from held for update`;
      return verdictAndCode(thrownBy(database.sql`select n from held for update nowait`));
    });
    expect(await locked).toEqual(["conflict", "55P03"]);

    const late = database.sql.begin("isolation level repeatable read", async (sql) => {
      await sql`select n from held`;
      await database.sql`update held set n = n + 1`;
      await sql`update held set n = n + 1`;
    });
    expect(await verdictAndCode(thrownBy(late))).toEqual(["conflict", "40001"]);
  });

  test("two transactions that wait for each other: a conflict for one of them", async () => {
    await database.sql`create table crossed as select generate_series(1, 2) as n`;
    let arrived = 0;
    const cross = (first: number, second: number) =>
      database.sql.begin(async (sql) => {
        await sql`set local deadlock_timeout = '20ms'`;
        await sql`select n from crossed where n = ${first} for update`;
        arrived += 1;
        await until(async () => arrived === 2);
        await sql`select n from crossed where n = ${second} for update`;
      });
    const outcomes = await Promise.allSettled([cross(1, 2), cross(2, 1)]);
    const thrown = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(thrown).toHaveLength(1);
    expect(await verdictAndCode(Promise.resolve(thrown[0]))).toEqual(["conflict", "40P01"]);
  });

  test("a statement that is wrong, and a constraint that is violated: defects", async () => {
    await database.sql`create table only_one (n int primary key)`;
    await database.sql`insert into only_one values (1)`;
    expect(await verdictAndCode(thrownBy(database.sql`insert into only_one values (1)`))).toEqual([
      "defect",
      "23505",
    ]);
    expect(await verdictAndCode(thrownBy(database.sql`select * from nowhere`))).toEqual(["defect", "42P01"]);
    expect(classifyStoreFailure(await thrownBy(database.db.execute(statement`selec 1`)))).toBe("defect");
  });
});

function coded(code: string): Error {
  return Object.assign(new Error("failed"), { code });
}

async function thrownBy(query: PromiseLike<unknown>): Promise<unknown> {
  try {
    await query;
  } catch (error) {
    return error;
  }
  throw new Error("The query did not fail.");
}

/** With the driver's code, which drizzle's error has in its cause. */
async function verdictAndCode(thrown: Promise<unknown>): Promise<[string, unknown]> {
  const error = await thrown;
  const driver = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = driver instanceof Error && "code" in driver ? driver.code : null;
  return [classifyStoreFailure(error), code];
}

async function behindProxy(database: TestDatabase, options: { readonly connectTimeoutMs?: number } = {}) {
  const url = new URL(database.url);
  const proxy = await startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } });
  url.port = String(proxy.port);
  const name = `gantry-proxied-${proxy.port}`;
  const pool: Database = openDatabase({ url: url.href, poolMax: 1, applicationName: name, ...options });
  const dispose = async () => {
    await pool.close();
    await proxy.close();
  };
  return { proxy, pool, name, [Symbol.asyncDispose]: dispose };
}

/** Until the pool of this name has a query that runs. */
async function sleeping({ sql }: Database, name: string): Promise<void> {
  await until(async () => {
    const rows = await sql`
      select 1 from pg_stat_activity where application_name = ${name} and wait_event = 'PgSleep'`;
    return rows.length > 0;
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("The condition did not come true.");
    await pause(5);
  }
}
