import { insertTenant, startTcpProxy, type TcpProxy, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failures, payByOrganization } from "../testing/failing-gates.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { until } from "../testing/until.ts";
import type { Credential } from "./facts.ts";

let harness: Harness;
let proxy: TcpProxy;

beforeAll(async () => {
  let proxied: Promise<TcpProxy> | undefined;
  harness = await startHarness({
    // No heartbeat falls into what is counted.
    deps: { heartbeatMs: 600_000 },
    proxy: async (url) => {
      proxied = startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } });
      return (await proxied).port;
    },
  });
  if (proxied === undefined) throw new Error("The harness asked for no proxy.");
  proxy = await proxied;
  await harness.execution.warm(16);
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await proxy.close();
});

/** Round trips from the request to the event that the first block has started, or to the refusal. */
async function countRoundTrips(tenant: Tenant, credential: Credential): Promise<number> {
  const before = proxy.roundTrips();
  const outcome = await harness.execution.start({ credential, workflowId: tenant.workflowId, input: {} });
  if (outcome.kind !== "admitted") return proxy.roundTrips() - before;
  for await (const event of outcome.run.events(0)) {
    if (event.type === "block.started") break;
  }
  const count = proxy.roundTrips() - before;
  await outcome.run.finished;
  return count;
}

describe("from the request to the first block, authentication included, there are two round trips", () => {
  test("with an API key, whether the version is compiled or not", async () => {
    const tenant = await insertTenant(harness.database.db);
    const credential = withKey(tenant.apiKey);
    expect(await countRoundTrips(tenant, credential)).toBe(2);
    expect(await countRoundTrips(tenant, credential)).toBe(2);
  });

  test("with a session", async () => {
    const tenant = await insertTenant(harness.database.db);
    await harness.database.sql`INSERT INTO sessions (id, token, user_id, expires_at)
      VALUES ('s', 'session-token', ${tenant.userId}, now() + interval '1 hour')`;
    expect(await countRoundTrips(tenant, { kind: "session", token: "session-token" })).toBe(2);
  });

  test("when an organization pays and caps the member", async () => {
    const tenant = await payByOrganization(harness.database, await insertTenant(harness.database.db));
    await harness.database
      .sql`INSERT INTO member_limits VALUES (${tenant.payerId}, ${tenant.userId}, 1000000)`;
    expect(await countRoundTrips(tenant, withKey(tenant.apiKey))).toBe(2);
  });
});

test("a refusal costs one round trip when the facts decide it, two when the claim does, none without a credential", async () => {
  const claimGates = new Set(["RATE_LIMITED", "CONCURRENCY_LIMIT", "PAYER_HEADROOM", "MEMBER_HEADROOM"]);
  for (const { code, arrange } of failures) {
    const tenant = await payByOrganization(harness.database, await insertTenant(harness.database.db));
    await arrange(harness.database, tenant);
    // Records of refusals are written later, off the path: the one before must not fall into what is counted.
    await until(() => harness.execution.stats().refusals.queued === 0);
    const count = await countRoundTrips(tenant, withKey(tenant.apiKey));
    expect([code, count]).toEqual([code, claimGates.has(code) ? 2 : 1]);
  }
  const tenant = await insertTenant(harness.database.db);
  expect(await countRoundTrips(tenant, { kind: "none" })).toBe(0);
});
