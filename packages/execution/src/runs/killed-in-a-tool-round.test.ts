import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { verifyLedger } from "@gantry/billing";
import { insertTenant } from "@gantry/db/testing";
import { expect, test } from "vitest";
import { agent, definitionOf, start } from "../engine/testing/plans.ts";
import type { DoomedTask } from "../testing/doomed-process.ts";
import { startHarness } from "../testing/harness.ts";
import { readMoney } from "../testing/money.ts";
import { until } from "../testing/until.ts";

// Node 20 runs no TypeScript: the built file is used. Tests run after a build.
const program = fileURLToPath(new URL("../../dist/testing/doomed-process.js", import.meta.url));

test("kill -9 in the middle of a tool round: its model calls stay charged, once each, and the holds return", async () => {
  await using harness = await startHarness({ deps: { heartbeatMs: 100 } });
  const { database, models } = harness;
  const { sql, db, url } = database;
  const twice = {
    type: "function",
    name: "again",
    description: "Asks for the next round, and in it never ends",
    parameters: { type: "object", properties: { n: { type: "integer" } } },
    code: "if (inputs.n === 2) for (;;); return '[[tool again]] [[say {\"n\":2}]]'",
    timeoutMs: 30_000,
  } as const;
  const block = agent("A", '[[tool again]] [[say {"n":1}]]', { model: "claude-haiku-4-5", tools: [twice] });
  const definition = definitionOf([start(), block], ["Start -> A"]);
  const { apiKey, workflowId, payerId } = await insertTenant(db, { definition });
  const task: DoomedTask = {
    url,
    apiKey,
    workflowId,
    runs: 2,
    leaseMs: 1_500,
    models: { url: models.url, ca: models.ca },
  };
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [said] = await once(child.stdout, "data");
    expect(String(said)).toBe("2 admitted\n");
    const keys = async () =>
      (
        await sql<{ key: string }[]>`
          SELECT split_part(event_key, ':', 2) || ':' || split_part(event_key, ':', 4) AS key FROM ledger_entries
           WHERE payer_id = ${payerId} ORDER BY event_key`
      ).map(({ key }) => key);
    await until(async () => (await keys()).length === 4);
    const before = await readMoney(database, payerId);
    expect(before.settledMicros).toBeGreaterThan(0);

    child.kill("SIGKILL");
    await until(async () => (await sql`SELECT 1 FROM runs WHERE status = 'lost'`).length === 2);
    expect(await keys()).toEqual(["model:1", "model:2", "model:1", "model:2"]);
    expect(await readMoney(database, payerId)).toEqual({
      settledMicros: before.settledMicros,
      heldMicros: 0,
      totalMicros: before.settledMicros,
    });
    expect((await verifyLedger(sql)).differences).toEqual([]);
    expect(await sql`SELECT 1 FROM slots`).toHaveLength(0);
  } finally {
    child.kill("SIGKILL");
  }
});
