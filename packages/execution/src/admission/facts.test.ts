import {
  insertMember,
  insertOrganization,
  insertPayer,
  insertSubscription,
  insertTenant,
  insertVersion,
  type Tenant,
} from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { payByOrganization } from "../testing/failing-gates.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { readFacts } from "./facts.ts";

let harness: Harness;
let tenant: Tenant;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
});
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db);
});

function read(overrides: Partial<Parameters<typeof readFacts>[1]> = {}) {
  return readFacts(harness.database.sql, {
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    definition: "active",
    compiledVersionId: null,
    ...overrides,
  });
}

const planOf = async () => (await read()).payer?.standing.subscription?.plan ?? "free";

describe("the definition", () => {
  test("is moved only when this process has another version compiled, or none", async () => {
    expect((await read()).workflow?.definition).toContain("schemaVersion");
    expect((await read({ compiledVersionId: "older" })).workflow?.definition).toContain("schemaVersion");
    expect((await read({ compiledVersionId: tenant.versionId })).workflow).toMatchObject({
      definition: null,
      activeVersion: { id: tenant.versionId, number: 1 },
    });
  });

  test("of a draft is the draft's, whatever is deployed", async () => {
    await harness.database.sql`UPDATE workflows SET draft = '{"draft":true}' WHERE id = ${tenant.workflowId}`;
    expect((await read({ definition: "draft" })).workflow?.definition).toBe('{"draft":true}');
  });
});

describe("the plan", () => {
  test("of a subscription counts while it is active or past due, and in no other state", async () => {
    const { sql, db } = harness.database;
    await insertSubscription(db, { userId: tenant.userId, plan: "pro" });
    const inState = async (status: string) => {
      await sql`UPDATE subscriptions SET status = ${status} WHERE user_id = ${tenant.userId}`;
      return await planOf();
    };
    expect([await inState("active"), await inState("past_due")]).toEqual(["pro", "pro"]);
    for (const status of ["canceled", "incomplete", "trialing", "unpaid", "paused"]) {
      expect([status, await inState(status)]).toEqual([status, "free"]);
    }
  });

  test("of an organization holds for a member who pays for their own workspace, until the organization is gone", async () => {
    const { sql, db } = harness.database;
    const organization = await insertOrganization(db);
    await insertSubscription(db, { organizationId: organization.id, plan: "enterprise" });
    expect(await planOf()).toBe("free");
    await insertMember(db, { organizationId: organization.id, userId: tenant.userId });
    expect(await planOf()).toBe("enterprise");
    await sql`DELETE FROM organizations WHERE id = ${organization.id}`;
    expect(await planOf()).toBe("free");
  });

  test("of an organization's workspace is the organization's, never one of the actor's", async () => {
    const { db } = harness.database;
    await insertSubscription(db, { userId: tenant.userId, plan: "enterprise" });
    const { organizationId } = await payByOrganization(harness.database, tenant);
    expect(await planOf()).toBe("free");
    await insertSubscription(db, { organizationId, plan: "team", seats: 4 });
    expect((await read()).payer).toMatchObject({
      kind: "organization",
      standing: { subscription: { plan: "team", seats: 4, source: "own" } },
    });
  });

  test("of somebody else does not matter", async () => {
    const { db } = harness.database;
    const other = await insertTenant(db);
    await insertSubscription(db, { userId: other.userId, plan: "enterprise" });
    const organization = await insertOrganization(db);
    await insertPayer(db, { organizationId: organization.id });
    await insertMember(db, { organizationId: organization.id, userId: other.userId });
    await insertSubscription(db, { organizationId: organization.id, plan: "team" });
    expect(await planOf()).toBe("free");
  });
});

test("a published version is the next run's, in every process, with no version in between", async () => {
  const { db, sql } = harness.database;
  const elsewhere = harness.another();
  const run = async (execution: typeof elsewhere) => {
    const outcome = await execution.start({
      credential: withKey(tenant.apiKey),
      workflowId: tenant.workflowId,
      input: {},
    });
    if (outcome.kind !== "admitted") throw new Error("not admitted");
    const { output } = await outcome.run.finished;
    return { number: outcome.run.version?.number, output, definition: outcome.run.timings.definition };
  };
  expect(await run(elsewhere)).toMatchObject({ number: 1, definition: "miss" });
  expect(await run(elsewhere)).toMatchObject({ number: 1, definition: "hit" });
  const definition = {
    schemaVersion: 1,
    blocks: [
      { id: "s", name: "Start", type: "start", position: { x: 0, y: 0 }, inputs: [] },
      { id: "r", name: "Response", type: "response", position: { x: 1, y: 0 }, output: "second" },
    ],
    edges: [{ id: "e", source: "s", sourceHandle: "out", target: "r" }],
    variables: [],
  };
  const second = await insertVersion(db, { workflowId: tenant.workflowId, number: 2, definition });
  await sql`UPDATE workflows SET active_version_id = ${second.id} WHERE id = ${tenant.workflowId}`;
  expect(await run(elsewhere)).toEqual({ number: 2, output: "second", definition: "miss" });
  expect(await run(harness.execution)).toMatchObject({ number: 2, output: "second" });
  await sql`UPDATE workflows SET active_version_id = ${tenant.versionId} WHERE id = ${tenant.workflowId}`;
  // Rolled back: the first version is still compiled, and the facts say so without moving it.
  expect(await run(elsewhere)).toMatchObject({ number: 1, output: { message: "hello" } });
});

test("the database refuses to change a version, and to activate one of another workflow", async () => {
  const { sql } = harness.database;
  const other = await insertTenant(harness.database.db);
  await expect(
    sql`UPDATE workflow_versions SET definition = '{}' WHERE id = ${tenant.versionId}`,
  ).rejects.toThrow("immutable");
  await expect(
    sql`UPDATE workflows SET active_version_id = ${other.versionId} WHERE id = ${tenant.workflowId}`,
  ).rejects.toThrow("workflows_active_version");
});
