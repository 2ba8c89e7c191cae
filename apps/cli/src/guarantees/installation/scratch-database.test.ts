import { randomBytes } from "node:crypto";
import { openDatabase } from "@gantry/db";
import { createTestDatabase } from "@gantry/db/testing";
import { expect, test } from "vitest";
import { createScratchDatabase } from "./scratch-database.ts";

test("it lies beside the operator's database, is another one, and is dropped while somebody is connected", async () => {
  await using own = await createTestDatabase();
  const scratch = await createScratchDatabase(own.url);
  const name = new URL(scratch.url).pathname.slice(1);
  expect(name).toMatch(/^gantry_guarantees_[0-9a-f]{12}$/);
  expect(scratch.place).toBe(`the database ${name} on ${new URL(own.url).host}`);
  const exists = async () => (await own.sql`SELECT 1 FROM pg_database WHERE datname = ${name}`).length === 1;
  expect(await exists()).toBe(true);
  const inside = openDatabase({ url: scratch.url, poolMax: 1, applicationName: "test" });
  try {
    expect(await inside.sql`SELECT current_database() AS name`).toEqual([{ name }]);
    await scratch[Symbol.asyncDispose]();
    expect(await exists()).toBe(false);
  } finally {
    await inside.close();
  }
});

test("a user who may not create databases is told what to do", async () => {
  await using own = await createTestDatabase();
  const role = `gantry_test_${randomBytes(6).toString("hex")}`;
  await own.sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  try {
    const url = new URL(own.url);
    url.username = role;
    url.password = "secret";
    await expect(createScratchDatabase(url.href)).rejects.toThrow(
      `${role} may not create one on ${url.host}: give that user CREATEDB`,
    );
  } finally {
    await own.sql.unsafe(`DROP ROLE ${role}`);
  }
});

test("a server that is away is named without its password", async () => {
  const away = createScratchDatabase("postgres://gantry:hidden@127.0.0.1:1/db");
  await expect(away).rejects.toThrow(
    /^A database for the guarantees could not be created on 127\.0\.0\.1:1: .*ECONNREFUSED/,
  );
  await expect(away).rejects.not.toThrow("hidden");
});
