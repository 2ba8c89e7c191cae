import { createTestDatabase, startTcpProxy } from "@gantry/db/testing";
import { describe, expect, test } from "vitest";
import { openPrimary } from "./open-primary.ts";
import { createProgress } from "./progress.ts";

const progress = createProgress(
  () => {},
  () => performance.now(),
);

describe("the primary", () => {
  test("a database that cannot be reached is told in one sentence, without its password", async () => {
    const opened = openPrimary("postgres://gantry:hunter2@127.0.0.1:1/gantry", "unused", progress);
    await expect(opened).rejects.toThrow(
      /^The database 127\.0\.0\.1:1\/gantry cannot be used: .*ECONNREFUSED/,
    );
    await expect(opened).rejects.not.toThrow(/hunter2|\n/);
  });

  test("a database that is not there is told in one sentence", async () => {
    await using database = await createTestDatabase();
    const url = new URL(database.url);
    url.pathname = "/nowhere";
    await expect(openPrimary(url.href, "unused", progress)).rejects.toThrow(/"nowhere" does not exist/);
  });

  test("it is ready while the database answers, and not while it does not", async () => {
    await using database = await createTestDatabase();
    const { hostname, port } = new URL(database.url);
    await using proxy = await startTcpProxy({ target: { host: hostname, port: Number(port) } });
    const url = new URL(database.url);
    url.port = String(proxy.port);
    const primary = await openPrimary(url.href, "unused", progress);
    try {
      expect(await primary.readiness()).toEqual({ database: "ok", migrations: "current" });
      await proxy.cut();
      expect(await primary.readiness()).toEqual({ database: "unreachable", migrations: "unknown" });
      await proxy.restore();
      await expect.poll(() => primary.readiness(), { timeout: 20_000 }).toMatchObject({ database: "ok" });
      await database.sql`delete from drizzle.__drizzle_migrations`;
      expect(await primary.readiness()).toEqual({ database: "ok", migrations: "pending" });
    } finally {
      await primary.close();
    }
  });
});
