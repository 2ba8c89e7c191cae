import { createTestDatabase } from "@gantry/db/testing";
import { expect, test } from "vitest";
import { openStage } from "../stage/stage.ts";
import { measureClaims } from "./claims.ts";
import { quickSizes } from "./sizes.ts";

test("claims are measured on both stores, for one payer and for many, and leave no slot", async () => {
  await using database = await createTestDatabase();
  const stage = await openStage(database.url);
  try {
    const section = await measureClaims(stage, quickSizes);
    expect(section.rows.map(({ name }) => name)).toEqual(
      ["1 caller", "16 callers"].flatMap((callers) => [
        `${callers}, select 1`,
        `${callers}, PostgreSQL, one hot payer`,
        `${callers}, Redis, one hot payer`,
        `${callers}, PostgreSQL, 10 payers`,
        `${callers}, Redis, 10 payers`,
      ]),
    );
    expect(section.rows.flatMap(({ cells }) => cells).every((cell) => cell !== null && cell > 0)).toBe(true);
    expect(await database.sql`SELECT 1 FROM slots`).toHaveLength(0);
  } finally {
    await stage.close();
  }
});
