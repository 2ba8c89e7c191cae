import { describe, expect, test } from "vitest";
import { migrate, migrationsPending } from "./migrate.ts";
import { createTestDatabase } from "./testing/test-database.ts";

describe("migrations", () => {
  test("four processes may migrate an empty database at once; each migration is applied once", async () => {
    await using database = await createTestDatabase({ migrated: false });
    expect(await migrationsPending(database.sql)).toBe(true);
    await Promise.all(Array.from({ length: 4 }, () => migrate(database.url)));
    expect(await migrationsPending(database.sql)).toBe(false);

    const applied = await database.sql`
      select count(*)::int as rows, count(distinct created_at)::int as migrations from drizzle.__drizzle_migrations`;
    expect(applied[0]?.["rows"]).toBe(applied[0]?.["migrations"]);
  });

  test("a database that lacks the newest migration is pending, and one ahead of this code is not", async () => {
    await using database = await createTestDatabase();
    const { sql } = database;
    await sql`update drizzle.__drizzle_migrations set created_at = created_at + 1`;
    expect(await migrationsPending(sql)).toBe(false);
    await sql`update drizzle.__drizzle_migrations set created_at = 1`;
    expect(await migrationsPending(sql)).toBe(true);
  });

  test("an unreachable database is an error, not a pending migration", async () => {
    await using database = await createTestDatabase();
    await database.close();
    await expect(migrationsPending(database.sql)).rejects.toMatchObject({ code: "CONNECTION_ENDED" });
  });
});
