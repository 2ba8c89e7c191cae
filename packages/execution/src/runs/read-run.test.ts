import { insertOrganization, insertPayer, insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import type { Principal } from "./principal.ts";

let harness: Harness;
let tenant: Tenant;
let principal: Principal;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db);
  principal = { userId: tenant.userId, apiKeyId: null, workspaceId: null };
});

async function run(): Promise<string> {
  const { workflowId, apiKey } = tenant;
  const outcome = await harness.execution.start({ credential: withKey(apiKey), workflowId, input: {} });
  if (outcome.kind !== "admitted") throw new Error(outcome.kind);
  await outcome.run.finished;
  return outcome.run.runId;
}

async function read(runId: string) {
  const view = await harness.execution.get({ principal, runId });
  if (view === null) throw new Error("the run is not there");
  return view;
}

describe("who paid for a run", () => {
  test("is told as it was at admission, with plan, period and limits", async () => {
    const view = await read(await run());
    expect(view.payer).toMatchObject({
      payerId: tenant.payerId,
      kind: "user",
      plan: "free",
      planSource: null,
      limits: { usageLimitMicros: 5_000_000, concurrentRunsMax: 10 },
    });
    expect(view.payerName).toEqual(expect.any(String));
  });

  test("does not change when the workspace is paid by somebody else; only the name is then unknown", async () => {
    const runId = await run();
    const { id: organizationId } = await insertOrganization(harness.database.db);
    const { id: payerId } = await insertPayer(harness.database.db, { organizationId });
    await harness.database.sql`UPDATE workspaces SET payer_id = ${payerId} WHERE id = ${tenant.workspaceId}`;
    expect(await read(runId)).toMatchObject({
      payer: { payerId: tenant.payerId, kind: "user" },
      payerName: null,
    });
  });

  test.each(["{", "{}", '{"kind":"robot"}'])(
    "is missing and reported when it cannot be read, and the run is told all the same: %s",
    async (damaged) => {
      const runId = await run();
      await harness.database.sql`UPDATE runs SET payer = ${damaged} WHERE id = ${runId}`;
      expect(await read(runId)).toMatchObject({ status: "completed", payer: null, payerName: null });
      expect(harness.told.at(-1)).toMatchObject({
        what: "internalError",
        error: { message: expect.stringContaining("payer kept with the run") },
      });
    },
  );
});
