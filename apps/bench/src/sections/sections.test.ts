import { createTestDatabase } from "@gantry/db/testing";
import { refusalCatalogue } from "@gantry/execution";
import { describe, expect, test } from "vitest";
import { openStage } from "../stage/stage.ts";
import type { Section } from "../table/section.ts";
import { measureLedger } from "./ledger.ts";
import { measurePreflight } from "./preflight.ts";
import { measureRefusals } from "./refusals.ts";
import { quickSizes } from "./sizes.ts";

describe("the benchmark of admission", () => {
  test("measures preflight for every size and number of callers", async () => {
    const section = await measured(measurePreflight);

    expect(section.rows.map(({ name }) => name)).toEqual([
      ...["1 caller", "16 callers", "64 callers"].flatMap((callers) =>
        ["select 1", "10 blocks", "50 blocks", "200 blocks", "10 blocks, on disk"].map(
          (what) => `${callers}, ${what}`,
        ),
      ),
      "16 callers, one hot payer",
    ]);
    expect(section.rows.flatMap(({ cells }) => cells).every((cell) => cell !== null && cell > 0)).toBe(true);
    expect(section.rows[0]?.cells[3]).toBe(1);
  });

  test("measures preflight with a short and a long ledger", async () => {
    const section = await measured(measureLedger);

    expect(section.rows.map(({ name }) => name)).toEqual([
      "user, 50 ledger rows",
      "user, 500 ledger rows",
      "organization, 50 ledger rows",
      "organization, 500 ledger rows",
    ]);
  });

  test("measures every refusal of the catalogue, none with more statements than an admission", async () => {
    const section = await measured(measureRefusals);
    const statements = section.columns.findIndex(({ title }) => title === "stmts");
    const [admitted, ...refused] = section.rows.map(({ cells }) => cells[statements]);

    expect(section.rows.map(({ name }) => name)).toEqual(["admitted", ...Object.keys(refusalCatalogue)]);
    expect(admitted).toBe(2);
    expect(refused.every((count) => count === 1 || count === 2)).toBe(true);
  });
});

async function measured(
  measure: (stage: Awaited<ReturnType<typeof openStage>>, sizes: typeof quickSizes) => Promise<Section>,
): Promise<Section> {
  await using database = await createTestDatabase();
  const stage = await openStage(database.url);
  try {
    const section = await measure(stage, quickSizes);
    // Printed with two blanks before them.
    expect(Math.max(...section.notes.map(({ length }) => length))).toBeLessThanOrEqual(108);
    return section;
  } finally {
    await stage.close();
  }
}
