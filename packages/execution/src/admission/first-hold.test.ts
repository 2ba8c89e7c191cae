import { defaultBilling } from "@gantry/billing";
import { insertTenant, type Tenant } from "@gantry/db/testing";
import { sealContext } from "@gantry/secrets";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agent, condition, definitionOf, fn, planOf, start } from "../engine/testing/plans.ts";
import type { Execution } from "../runs/execution.ts";
import { payByOrganization } from "../testing/failing-gates.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { readMoney } from "../testing/money.ts";
import { runUntilCancelled } from "../testing/run-until-cancelled.ts";

// What a run holds when it starts.

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ runPlan: runUntilCancelled });
});
afterAll(() => harness[Symbol.asyncDispose]());

const { baseChargeMicros, holdSliceMicros } = defaultBilling;
const model = "claude-haiku-4-5";
const cheap = (name: string) => agent(name, "Say something", { model, maxTokens: 100 });
const dear = (name: string) => agent(name, "Say something", { model: "claude-opus-4-1", maxTokens: 4_000 });

async function holdOf(
  tenant: Tenant,
  options: { readonly maxCostMicros?: number; readonly execution?: Execution } = {},
): Promise<number> {
  const { execution = harness.execution, maxCostMicros } = options;
  const { apiKey, workflowId, payerId } = tenant;
  const outcome = await execution.start({
    credential: withKey(apiKey),
    workflowId,
    input: {},
    maxCostMicros,
  });
  if (outcome.kind !== "admitted") throw new Error(`not admitted: ${JSON.stringify(outcome)}`);
  const { heldMicros } = await readMoney(harness.database, payerId);
  outcome.run.cancel("requested");
  await outcome.run.finished;
  return heldMicros;
}

type Definition = Parameters<typeof definitionOf>;
const tenantOf = (...definition: Definition) =>
  insertTenant(harness.database.db, { definition: definitionOf(...definition) });

function worstOf(...definition: Definition): number {
  const bound = harness.execution.bound(planOf(...definition), new Set());
  if (bound.kind !== "bounded") throw new Error("not bounded");
  return bound.worstMicros;
}

describe("a run holds", () => {
  test("the base charge alone when nothing in it is priced", async () => {
    expect(await holdOf(await tenantOf([start(), fn("F")], ["Start -> F"]))).toBe(baseChargeMicros);
  });

  test("the worst that its priced blocks can cost on top of it, of branches the dearest", async () => {
    const one: Definition = [[start(), cheap("A")], ["Start -> A"]];
    const branches: Definition = [
      [start(), condition("C", [["x", "true"]]), cheap("A"), cheap("B"), cheap("B2")],
      ["Start -> C", "C branch:x -> A", "C else -> B", "B -> B2"],
    ];
    expect(worstOf(...one)).toBeGreaterThan(0);
    expect(await holdOf(await tenantOf(...one))).toBe(baseChargeMicros + worstOf(...one));
    expect(await holdOf(await tenantOf(...branches))).toBe(baseChargeMicros + 2 * worstOf(...one));
  });

  test("a slice where that is more", async () => {
    const definition: Definition = [[start(), dear("A")], ["Start -> A"]];
    expect(worstOf(...definition)).toBeGreaterThan(holdSliceMicros);
    expect(await holdOf(await tenantOf(...definition))).toBe(baseChargeMicros + holdSliceMicros);
  });

  test("a slice where a prompt depends on data, so that nobody can say", async () => {
    const prompt = { ...cheap("A"), prompt: "Say <F.result>" };
    const tenant = await tenantOf([start(), fn("F"), prompt], ["Start -> F", "F -> A"]);
    expect(await holdOf(tenant)).toBe(baseChargeMicros + holdSliceMicros);
  });

  test("no more than its own bound", async () => {
    const tenant = await tenantOf([start(), dear("A")], ["Start -> A"]);
    expect(await holdOf(tenant, { maxCostMicros: 21_000 })).toBe(21_000);
    expect(await holdOf(tenant, { maxCostMicros: 9_000_000 })).toBe(baseChargeMicros + holdSliceMicros);
  });
});

describe("a call that the customer's own key pays for is not held for", () => {
  async function store(owner: { workspaceId: string } | { organizationId: string }): Promise<string> {
    const id = uuidv7();
    const [workspaceId, organizationId] =
      "workspaceId" in owner ? [owner.workspaceId, null] : [null, owner.organizationId];
    const context =
      "workspaceId" in owner
        ? sealContext.providerKey(owner.workspaceId, id)
        : sealContext.organizationProviderKey(owner.organizationId, id);
    await harness.database.sql`
      INSERT INTO provider_keys (id, workspace_id, organization_id, provider, name, sealed, hint)
      VALUES (${id}, ${workspaceId}, ${organizationId}, 'anthropic', 'Key', ${harness.keyring.seal("sk", context)}, '')`;
    return id;
  }
  const needsASlice = (): Promise<Tenant> => tenantOf([start(), dear("A")], ["Start -> A"]);

  test("whether it is the workspace's or its organization's, from the next run on and until it is revoked", async () => {
    const { sql } = harness.database;
    const tenant = await payByOrganization(harness.database, await needsASlice());
    expect(await holdOf(tenant)).toBe(baseChargeMicros + holdSliceMicros);
    const ofOrganization = await store({ organizationId: tenant.organizationId });
    expect(await holdOf(tenant)).toBe(baseChargeMicros);
    await sql`UPDATE provider_keys SET revoked_at = now() WHERE id = ${ofOrganization}`;
    expect(await holdOf(tenant)).toBe(baseChargeMicros + holdSliceMicros);
    await store({ workspaceId: tenant.workspaceId });
    expect(await holdOf(tenant)).toBe(baseChargeMicros);
  });

  test("so that a payer with one base charge left may still run", async () => {
    const { sql } = harness.database;
    const tenant = await needsASlice();
    await sql`UPDATE payers SET usage_limit_micros = ${baseChargeMicros} WHERE id = ${tenant.payerId}`;
    const request = { credential: withKey(tenant.apiKey), workflowId: tenant.workflowId, input: {} };
    expect(await harness.execution.start(request)).toMatchObject({
      refusal: {
        code: "USAGE_LIMIT_EXCEEDED",
        numbers: { neededMicros: baseChargeMicros + holdSliceMicros, limitMicros: baseChargeMicros },
      },
    });
    await store({ workspaceId: tenant.workspaceId });
    expect(await holdOf(tenant)).toBe(baseChargeMicros);
  });
});
