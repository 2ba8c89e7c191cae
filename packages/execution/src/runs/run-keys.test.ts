import { insertProviderKey, insertTenant, type Tenant } from "@gantry/db/testing";
import { sealContext } from "@gantry/secrets";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { agent, definitionOf, start } from "../engine/testing/plans.ts";
import { payByOrganization } from "../testing/failing-gates.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { createRunKeys } from "./run-keys.ts";

const model = "claude-haiku-4-5";
let harness: Harness;
let tenant: Tenant;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());
beforeEach(async () => {
  const definition = definitionOf(
    [start(), agent("First", "hi", { model }), agent("Then", "hi", { model })],
    ["Start -> First", "First -> Then"],
  );
  tenant = await insertTenant(harness.database.db, { definition });
});

async function store(owner: { workspaceId: string } | { organizationId: string }): Promise<string> {
  const id = uuidv7();
  const context =
    "workspaceId" in owner
      ? sealContext.providerKey(owner.workspaceId, id)
      : sealContext.organizationProviderKey(owner.organizationId, id);
  const sealed = harness.keyring.seal(`sk-${id}`, context);
  await insertProviderKey(harness.database.db, { id, ...owner, provider: "anthropic", sealed });
  return id;
}

const revoke = (id: string) =>
  harness.database.sql`UPDATE provider_keys SET revoked_at = now() WHERE id = ${id}`;

function keysOfRun(overrides: { readonly storeTimeoutMs?: number } = {}) {
  const clock = { now: 1_000_000 };
  const told: unknown[] = [];
  const { sql } = harness.database;
  const keys = createRunKeys({
    sql,
    now: () => clock.now,
    storeTimeoutMs: 5_000,
    onError: (error) => void told.push(error),
    ...overrides,
  }).of({ runId: uuidv7(), workspaceId: tenant.workspaceId, known: [] });
  return { clock, told, ids: async () => (await keys()).map(({ id }) => id).toSorted() };
}

test("what the facts read holds for a second, and then each call reads what is stored: the workspace's and its organization's", async () => {
  const { clock, ids, told } = keysOfRun();
  const own = await store({ workspaceId: tenant.workspaceId });
  expect(await ids()).toEqual([]);
  clock.now += 1_000;
  expect(await ids()).toEqual([own]);
  const { organizationId } = await payByOrganization(harness.database, tenant);
  const theirs = await store({ organizationId });
  expect(await ids()).toEqual([own, theirs].toSorted());
  await revoke(own);
  expect(await ids()).toEqual([theirs]);
  expect(told).toEqual([]);
});

test("while the database does not answer a run goes on with the keys that it has, and the operator is told", async () => {
  const { clock, ids, told } = keysOfRun({ storeTimeoutMs: 50 });
  const own = await store({ workspaceId: tenant.workspaceId });
  clock.now += 1_000;
  expect(await ids()).toEqual([own]);
  await harness.database.sql.begin(async (tx) => {
    await tx`LOCK TABLE provider_keys IN ACCESS EXCLUSIVE MODE`;
    expect(await ids()).toEqual([own]);
  });
  expect(told).toHaveLength(1);
});

test("a key that is revoked in the middle of a run is not used for its next call, and one that was added is", async () => {
  const first = await store({ workspaceId: tenant.workspaceId });
  let second = "";
  const { anthropic } = harness.providers;
  const clock = { ahead: 0 };
  const used: string[] = [];
  const execution = harness.another({
    now: () => Date.now() + clock.ahead,
    providers: {
      ...harness.providers,
      anthropic: {
        ...anthropic,
        async *stream(credential, request, signal) {
          if (credential.provider === "anthropic") used.push(credential.apiKey);
          yield* anthropic.stream({ ...credential, baseUrl: harness.models.url }, request, signal);
          if (second !== "") return;
          await revoke(first);
          second = await store({ workspaceId: tenant.workspaceId });
          clock.ahead = 2_000;
        },
      },
    },
  });
  const outcome = await execution.start({
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    input: {},
  });
  if (outcome.kind !== "admitted") throw new Error("not admitted");
  expect(await outcome.run.finished).toMatchObject({ status: "completed", error: null });
  expect(used).toEqual([`sk-${first}`, `sk-${second}`]);
});
