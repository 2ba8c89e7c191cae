import { createHash, randomBytes } from "node:crypto";
import { insertMember, insertProviderKey, insertTenant, type Tenant } from "@gantry/db/testing";
import { createGuard, trusting } from "@gantry/egress";
import {
  createConnectionPool,
  createProviders,
  guardedTransport,
  type ModelProvider,
  type ProviderCredential,
  type ProviderId,
  type Providers,
  providerIds,
} from "@gantry/providers";
import { type NewProviderKey, sealedText } from "@gantry/providers/credentials";
import { sampleKeys } from "@gantry/providers/credentials/testing";
import { sealContext } from "@gantry/secrets";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cacheBounds } from "../caches.ts";
import { payByOrganization } from "../testing/failing-gates.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import type { Execution } from "./execution.ts";

// From the stored key to the request at the provider and to the ledger.

let harness: Harness;
let execution: Execution;
let tenant: Tenant;
let close: () => Promise<void>;
beforeAll(async () => {
  harness = await startHarness();
  const pool = createConnectionPool({ ca: harness.models.ca });
  const guard = createGuard({ policy: { allow: ["127.0.0.1/32"] } });
  const trust = trusting([harness.models.ca]);
  const real = createProviders({
    pool,
    openUserTransport: () => guardedTransport({ guard, trust }),
    fingerprintKey: randomBytes(32),
    clients: cacheBounds.providerClients,
    now: Date.now,
  });
  execution = harness.another({ providers: atTheModelServer(real, harness.models.url) });
  close = async () => {
    real.close();
    await pool.close();
  };
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await close();
});
beforeEach(async () => {
  tenant = await insertTenant(harness.database.db, { definition: oneModelCall });
  harness.models.reset();
});

/** A stored key belongs to the provider's own address; here that is the local server's. */
function atTheModelServer(real: Providers, url: string): Providers {
  const local: Record<ProviderId, ModelProvider> = { ...real };
  for (const id of providerIds) {
    const there = (credential: ProviderCredential): ProviderCredential => ({
      ...credential,
      baseUrl: `${url}${pathOf[id]}`,
    });
    local[id] = {
      boundMicros: (call) => real[id].boundMicros(call),
      generate: (credential, ...rest) => real[id].generate(there(credential), ...rest),
      stream: (credential, ...rest) => real[id].stream(there(credential), ...rest),
    };
  }
  return local;
}

/** What each SDK wants after the local server's address. */
const pathOf: Readonly<Record<ProviderId, string>> = {
  anthropic: "",
  "azure-anthropic": "/anthropic",
  bedrock: "",
  vllm: "/v1",
  openai: "/v1",
  groq: "",
  cerebras: "",
  google: "",
};

/** Where the local server knows only the names of its provider. */
const modelOf: { readonly [Id in ProviderId]?: string } = {
  bedrock: "anthropic.claude-haiku-4-5-20251001-v1:0",
  google: "gemini-2.5-flash",
};

const at = { x: 0, y: 0 };
const modelCallOf = (provider: ProviderId) => ({
  schemaVersion: 1,
  blocks: [
    { id: "s", name: "Start", type: "start", position: at, inputs: [] },
    {
      id: "a",
      name: "Agent",
      type: "agent",
      position: at,
      provider,
      model: modelOf[provider] ?? "claude-opus-4-5",
      maxTokens: 50,
      prompt: "[[say hello]]",
    },
  ],
  edges: [{ id: "e", source: "s", sourceHandle: "out", target: "a" }],
  variables: [],
});
const oneModelCall = modelCallOf("anthropic");

async function run() {
  const outcome = await execution.start({
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    input: {},
  });
  if (outcome.kind !== "admitted") throw new Error(`Not admitted: ${JSON.stringify(outcome)}`);
  return { runId: outcome.run.runId, ...(await outcome.run.finished) };
}

/** What was sent to the provider since the test began, by name. */
function keysSent(...known: readonly string[]) {
  const names = new Map(known.map((key) => [createHash("sha256").update(key).digest("hex"), key]));
  return harness.models.stats().requestKeys.map((hash) => names.get(hash ?? "") ?? "another key");
}

/** As an earlier release stored keys for Anthropic: nothing but the key. */
const store = (secret: string, organizationId: string | null = null) =>
  storeText("anthropic", secret, organizationId);

const storeKey = (key: NewProviderKey) => storeText(key.provider, sealedText(key), null);

async function storeText(provider: ProviderId, text: string, organizationId: string | null) {
  const id = uuidv7();
  const { workspaceId } = tenant;
  const [owner, context] =
    organizationId === null
      ? [{ workspaceId }, sealContext.providerKey(workspaceId, id)]
      : [{ organizationId }, sealContext.organizationProviderKey(organizationId, id)];
  const sealed = harness.keyring.seal(text, context);
  await insertProviderKey(harness.database.db, { id, ...owner, provider, sealed });
  return id;
}

const revoke = (id: string) =>
  harness.database.sql`UPDATE provider_keys SET revoked_at = now() WHERE id = ${id}`;

const modelEntries = (runId: string) => harness.database.sql`
  SELECT key_source, amount_micros::int, output_tokens > 0 AS counted FROM ledger_entries
   WHERE run_id = ${runId} AND kind = 'model'`;

describe("a workspace's own keys", () => {
  test("take turns from run to run; a revocation and a new key hold for the very next run", async () => {
    const first = await store("sk-first");
    await store("sk-second");
    await run();
    await run();
    await run();
    await revoke(first);
    await run();
    await run();
    await store("sk-third");
    await run();
    await run();
    expect(keysSent("sk-first", "sk-second", "sk-third", "platform-key")).toEqual([
      "sk-first",
      "sk-second",
      "sk-first",
      "sk-second",
      "sk-second",
      "sk-third",
      "sk-second",
    ]);
  });

  test("cost the platform nothing, and the ledger says so; the platform's key is charged", async () => {
    const id = await store("sk-own");
    const own = await run();
    expect(await modelEntries(own.runId)).toEqual([
      { key_source: "workspace", amount_micros: 0, counted: true },
    ]);
    expect(own).toMatchObject({ status: "completed", costMicros: 5_000 });
    await revoke(id);
    const platform = await run();
    expect(platform.costMicros).toBeGreaterThan(5_000);
    expect(await modelEntries(platform.runId)).toEqual([
      { key_source: "platform", amount_micros: platform.costMicros - 5_000, counted: true },
    ]);
  });

  test("that cannot be opened fail the block, and nobody else's key is used; only the operator is told which it was", async () => {
    const { organizationId } = await payByOrganization(harness.database, tenant);
    await store("sk-organization", organizationId);
    const id = await store("sk-own");
    await harness.database.sql`UPDATE provider_keys SET sealed = 'v1.test.a.b.c' WHERE id = ${id}`;
    const failed = await run();
    expect(failed).toMatchObject({ status: "failed", error: { code: "PROVIDER_KEY_UNREADABLE" } });
    expect(JSON.stringify(failed)).not.toContain(id);
    expect(harness.models.stats().requests).toBe(0);
    expect(await modelEntries(failed.runId)).toEqual([]);
    expect(harness.told.map(({ error }) => String(error))).toContain(
      `Error: The provider key ${id} cannot be read.`,
    );
  });
});

describe("an organization's keys", () => {
  test("serve its workspaces that have none of their own, and cost the platform nothing", async () => {
    const { organizationId } = await payByOrganization(harness.database, tenant);
    await store("sk-organization", organizationId);
    const served = await run();
    expect(await modelEntries(served.runId)).toEqual([
      { key_source: "organization", amount_micros: 0, counted: true },
    ]);
    expect(served.costMicros).toBe(5_000);
    const own = await store("sk-own");
    await run();
    await revoke(own);
    await run();
    expect(keysSent("sk-organization", "sk-own")).toEqual(["sk-organization", "sk-own", "sk-organization"]);
  });

  test("serve no workspace that somebody else pays for, though its admin owns the organization", async () => {
    const { payerId: personalPayerId } = tenant;
    const { organizationId } = await payByOrganization(harness.database, tenant);
    await store("sk-organization", organizationId);
    const { db, sql } = harness.database;
    await insertMember(db, { organizationId, userId: tenant.userId, role: "owner" });
    // As it was before the organization paid.
    await sql`UPDATE workspaces SET payer_id = ${personalPayerId} WHERE id = ${tenant.workspaceId}`;
    await run();
    expect(keysSent("sk-organization", "platform-key")).toEqual(["platform-key"]);
  });
});

/** Another key for the same, and the text by which the provider sees which of them it is. */
function rotated(key: NewProviderKey): NewProviderKey {
  return key.provider === "bedrock"
    ? { ...key, accessKeyId: `${key.accessKeyId}ROTATED`, secretAccessKey: `${key.secretAccessKey}-rotated` }
    : { ...key, apiKey: `${key.apiKey}-rotated` };
}

const seenOf = (key: NewProviderKey): string =>
  key.provider === "bedrock" ? key.accessKeyId : (key.apiKey ?? "none");

describe("keys of every provider", () => {
  test.each(providerIds)(
    "%s: what is stored pays for the next run, and what replaces it for the one after",
    async (id) => {
      tenant = await insertTenant(harness.database.db, { definition: modelCallOf(id) });
      const [first, second] = [sampleKeys[id], rotated(sampleKeys[id])];
      const stored = await storeKey(first);
      const before = await run();
      await revoke(stored);
      await storeKey(second);
      const after = await run();
      for (const { runId, status, costMicros } of [before, after]) {
        expect({ status, costMicros }).toEqual({ status: "completed", costMicros: 5_000 });
        expect(await modelEntries(runId)).toEqual([
          { key_source: "workspace", amount_micros: 0, counted: true },
        ]);
      }
      expect(keysSent(seenOf(first), seenOf(second), "platform-key")).toEqual([
        seenOf(first),
        seenOf(second),
      ]);
    },
  );

  test("a key of one provider is not offered to another: without its own the block says so and nothing is sent", async () => {
    tenant = await insertTenant(harness.database.db, { definition: modelCallOf("groq") });
    await storeKey(sampleKeys.openai);
    expect(await run()).toMatchObject({ status: "failed", error: { code: "PROVIDER_KEY_MISSING" } });
    expect(harness.models.stats().requests).toBe(0);
  });
});
