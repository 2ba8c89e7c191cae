import { defaultBilling } from "@gantry/billing";
import { openDatabase } from "@gantry/db";
import { insertTenant, startTcpProxy } from "@gantry/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chargeOf, insertPerson, requestOf, settlementOf, topUpOf } from "../claim/contract/requests.ts";
import type { ClaimStore } from "../claim/port.ts";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import { agent, definitionOf, start } from "../engine/testing/plans.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const call = (name: string) => agent(name, "[[say hello]]", { model: "claude-haiku-4-5" });
const one = definitionOf([start(), call("A")], ["Start -> A"]);
const two = definitionOf([start(), call("A"), call("B")], ["Start -> A", "A -> B"]);

/** The store's own methods, each noted when it is asked. */
function recording(claims: ClaimStore, asked: string[]): ClaimStore {
  const noted =
    <Args extends readonly unknown[], Answer>(name: string, method: (...args: Args) => Answer) =>
    (...args: Args) => {
      asked.push(name);
      return method(...args);
    };
  return {
    ...claims,
    claim: noted("claim", claims.claim),
    topUp: noted("topUp", claims.topUp),
    persist: noted("persist", claims.persist),
    settleCall: noted("settleCall", claims.settleCall),
    settle: noted("settle", claims.settle),
  };
}

describe("what a run asks of the claim store", () => {
  const cases = [
    {
      name: "a call that fits into the hold: nothing before it but that the claim is on disk, once a run",
      definition: one,
      holdSliceMicros: 50_000,
      expected: ["claim", "persist", "settleCall", "settle"],
    },
    {
      name: "two calls that fit",
      definition: two,
      holdSliceMicros: 50_000,
      expected: ["claim", "persist", "settleCall", "settleCall", "settle"],
    },
    {
      name: "a call that does not fit: one top-up, which is confirmed together with the claim",
      definition: one,
      holdSliceMicros: 1,
      expected: ["claim", "topUp", "persist", "settleCall", "settle"],
    },
    {
      name: "two calls that do not fit: a top-up and its confirmation for each",
      definition: two,
      holdSliceMicros: 1,
      expected: ["claim", "topUp", "persist", "settleCall", "topUp", "persist", "settleCall", "settle"],
    },
  ];
  test.each(cases.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    const { definition, holdSliceMicros, expected } = one;
    const asked: string[] = [];
    const claims = recording(createPostgresClaimStore(harness.database.sql), asked);
    const billing = { ...defaultBilling, holdSliceMicros };
    const execution = harness.another({ hotClaims: claims, claims, billing, heartbeatMs: 600_000 });
    const tenant = await insertTenant(harness.database.db, { definition });
    const outcome = await execution.start({
      credential: withKey(tenant.apiKey),
      workflowId: tenant.workflowId,
      input: {},
    });
    if (outcome.kind !== "admitted") throw new Error("not admitted");
    expect(await outcome.run.finished).toMatchObject({ status: "completed" });
    expect(asked).toEqual(expected);
  });
});

test("each of them is one round trip", async () => {
  const url = new URL(harness.database.url);
  await using proxy = await startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } });
  url.port = String(proxy.port);
  const { sql, close } = openDatabase({ url: url.href, poolMax: 1, applicationName: "counted" });
  try {
    const claims = createPostgresClaimStore(sql);
    const person = await insertPerson(harness.database);
    const counted: Record<string, number> = {};
    const count = async (name: string, ask: () => Promise<unknown>) => {
      const before = proxy.roundTrips();
      await ask();
      counted[name] = proxy.roundTrips() - before;
    };
    // The first time prepares each statement on the one connection.
    for (let turn = 0; turn < 2; turn += 1) {
      const claim = requestOf(person);
      const { runId, epoch, holder } = claim;
      const charge = chargeOf("a:1", 700);
      await count("claim", () => claims.claim(claim));
      await count("topUp", () => claims.topUp(topUpOf(claim, 10_000)));
      await count("persist", () => claims.persist(holder, [runId]));
      await count("settleCall", () => claims.settleCall({ runId, epoch, charge }));
      await count("settle", () => claims.settle(settlementOf(claim, [charge])));
    }
    expect(counted).toEqual({ claim: 1, topUp: 1, persist: 1, settleCall: 1, settle: 1 });
  } finally {
    await close();
  }
});
