import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { insertTenant } from "@gantry/db/testing";
import { expect, test } from "vitest";
import type { DoomedTask } from "../testing/doomed-process.ts";
import { startHarness, withKey } from "../testing/harness.ts";
import { until } from "../testing/until.ts";

// Node 20 runs no TypeScript: the built file is used. Tests run after a build.
const program = fileURLToPath(new URL("../../dist/testing/doomed-process.js", import.meta.url));

test("kill -9 of a process gives its slots and holds back, and its runs are lost without a charge", async () => {
  await using harness = await startHarness({ deps: { heartbeatMs: 100 } });
  const { sql, db } = harness.database;
  const tenant = await insertTenant(db);
  await sql`UPDATE payers SET concurrent_runs_max = 5 WHERE id = ${tenant.payerId}`;
  const request = { credential: withKey(tenant.apiKey), workflowId: tenant.workflowId, input: {} };
  const task: DoomedTask = {
    url: harness.database.url,
    apiKey: tenant.apiKey,
    workflowId: tenant.workflowId,
    runs: 5,
    leaseMs: 1_500,
  };
  const child = spawn(process.execPath, [program, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [said] = await once(child.stdout, "data");
    expect(String(said)).toBe("5 admitted\n");
    // Its heartbeat keeps them: nobody else may start.
    expect(await harness.execution.start(request)).toMatchObject({ refusal: { code: "CONCURRENCY_LIMIT" } });

    child.kill("SIGKILL");
    await until(async () => (await harness.execution.start(request)).kind === "admitted");
    await until(async () => {
      const [row] = await sql`SELECT count(*)::int AS lost FROM runs WHERE status = 'lost'`;
      return row?.["lost"] === 5;
    });
    const charged = await sql`
      SELECT 1 FROM ledger_entries l JOIN runs r ON r.id = l.run_id WHERE r.status = 'lost'`;
    expect(charged).toHaveLength(0);
    const held = await sql`SELECT 1 FROM slots s JOIN runs r ON r.id = s.run_id`;
    expect(held).toHaveLength(0);
  } finally {
    child.kill("SIGKILL");
  }
});
