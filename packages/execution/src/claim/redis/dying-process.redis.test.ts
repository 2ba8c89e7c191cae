import { openDatabase } from "@gantry/db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRedisClaims, type RedisClaims } from "../../testing/redis-claims.ts";
import { until } from "../../testing/until.ts";
import { chargedTo, inUse, moneyOf, placesOf } from "../contract/looking.ts";
import { chargeOf, insertPerson, requestOf, settlementOf, topUpOf } from "../contract/requests.ts";
import type { ClaimStore } from "../port.ts";
import { createPostgresClaimStore } from "../postgres/claim-store.ts";
import { createRedisClaimStore } from "./claim-store.ts";

let store: RedisClaims;
/** PostgreSQL as a process sees it that dies at this moment: nothing is written any more. */
let dying: ClaimStore;
/** And a process that gets as far as PostgreSQL, but not to Redis. */
let onlyPostgres: ClaimStore;

beforeAll(async () => {
  store = await openRedisClaims();
  const gone = openDatabase({ url: store.database.url, poolMax: 1, applicationName: "gone" });
  await gone.close();
  dying = createRedisClaimStore({ redis: store.redis, sql: gone.sql, prefix: "gantry" });
  onlyPostgres = createPostgresClaimStore(store.database.sql);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

/** Renews for the last time. */
async function letLeaseRunOut(runId: string): Promise<void> {
  await store.claims.renew("holder", [runId], 1);
}

test("a process that dies between charging a run and telling Redis leaves money counted, and none is spent twice", async () => {
  const { claims, elsewhere, database } = store;
  const person = await insertPerson(database);
  // The facts of every claim here are from before the first charge.
  const limits = { limitMicros: 20_000 };
  const request = requestOf(person, { ...limits, holdMicros: 9_000 });
  await claims.claim(request);
  await claims.persist("holder", [request.runId]);
  await letLeaseRunOut(request.runId);
  await onlyPostgres.settle(settlementOf(request, [chargeOf("a", 3_000)]));

  // 8,000 are charged, and 9,000 still held for them.
  expect(await elsewhere.claim(requestOf(person, { ...limits, holdMicros: 11_001 }))).toMatchObject({
    result: "payer_headroom",
    heldMicros: 9_000,
  });
  const other = requestOf(person, { ...limits, holdMicros: 11_000 });
  expect(await elsewhere.claim(other)).toMatchObject({ result: "claimed" });
  // Its run has ended in PostgreSQL: it is not lost. Its hold goes in the step in which its charge is known.
  await until(async () => {
    expect(await elsewhere.reap()).not.toContain(request.runId);
    return (await inUse(elsewhere, person)).slots === 1;
  });
  expect(await moneyOf(elsewhere, person)).toMatchObject({ settledMicros: 8_000, heldMicros: 11_000 });
  expect(await elsewhere.claim(requestOf(person, { ...limits, holdMicros: 1_001 }))).toMatchObject({
    result: "payer_headroom",
  });
  expect(await elsewhere.topUp(topUpOf(other, 1_001))).toMatchObject({ result: "usage" });
  expect(await chargedTo(database, person)).toMatchObject({ counter: 8_000 });
  expect(await placesOf(database, request.runId)).toMatchObject([{ status: "completed" }]);
});

test("a process that dies between charging a call and telling Redis leaves money counted, and the reaper tells it", async () => {
  const { claims, elsewhere, database } = store;
  const person = await insertPerson(database);
  const request = requestOf(person, { holdMicros: 9_000 });
  const { runId, epoch } = request;
  await claims.claim(request);
  await claims.persist("holder", [runId]);
  await letLeaseRunOut(runId);
  await onlyPostgres.settleCall({ runId, epoch, charge: chargeOf("a", 4_000) });
  expect(await moneyOf(elsewhere, person)).toMatchObject({ settledMicros: 0, heldMicros: 9_000 });
  await until(async () => (await elsewhere.reap()).includes(runId));
  expect(await moneyOf(elsewhere, person)).toMatchObject({ settledMicros: 4_000, heldMicros: 0 });
  expect(await placesOf(database, runId)).toMatchObject([{ status: "lost", cost_micros: 4_000 }]);
});

test("a run whose process dies before the run is on record is lost in the sight of everybody", async () => {
  const { elsewhere, database } = store;
  const person = await insertPerson(database);
  const request = requestOf(person, { leaseMs: 1 });
  expect(await dying.claim(request)).toMatchObject({ result: "claimed" });
  expect(await placesOf(database, request.runId)).toEqual([]);
  await until(async () => (await elsewhere.reap()).includes(request.runId));
  expect(await placesOf(database, request.runId)).toEqual([
    { status: "lost", cost_micros: 0, input: request.input },
  ]);
  expect(await inUse(elsewhere, person)).toMatchObject({ slots: 0, heldMicros: 0 });
});

test("a reaper that dies half way leaves a slot that counts and that nobody can use, and the next one goes on", async () => {
  const { claims, elsewhere, database } = store;
  const person = await insertPerson(database);
  const [expired, freed] = [requestOf(person), requestOf(person)];
  for (const request of [expired, freed]) {
    await claims.claim(request);
    await claims.persist("holder", [request.runId]);
  }
  await letLeaseRunOut(expired.runId);
  await expect(dying.free(freed.runId)).rejects.toThrow("CONNECTION_ENDED");
  await expect(dying.free(expired.runId)).rejects.toThrow("CONNECTION_ENDED");

  expect(await inUse(elsewhere, person)).toMatchObject({ slots: 2, heldMicros: 10_000 });
  const runIds = [expired.runId, freed.runId];
  expect(await claims.renew("holder", runIds, 3_600_000)).toEqual([]);
  expect(await claims.persist("holder", runIds)).toEqual([]);
  expect(await claims.topUp(topUpOf(freed, 1))).toMatchObject({ result: "lost" });
  expect(await claims.claim(freed)).toMatchObject({ result: "conflict" });
  expect(await claims.release(freed.runId, "holder")).toBe(false);

  const lost: string[] = [];
  await until(async () => {
    lost.push(...(await elsewhere.reap()));
    return (await inUse(elsewhere, person)).slots === 0;
  });
  expect(lost).toEqual(expect.arrayContaining(runIds));
  for (const runId of runIds) expect(await placesOf(database, runId)).toMatchObject([{ status: "lost" }]);
});

test("a lease that PostgreSQL thinks has run out, because it could not be told, is left to Redis", async () => {
  const { claims, elsewhere, database } = store;
  const person = await insertPerson(database);
  const { runId } = requestOf(person);
  await claims.claim(requestOf(person, { runId }));
  await claims.persist("holder", [runId]);
  await database.sql`UPDATE slots SET expires_at = now() - interval '1 minute' WHERE run_id = ${runId}`;
  expect(await elsewhere.reap()).not.toContain(runId);
  expect(await claims.renew("holder", [runId], 3_600_000)).toMatchObject([{ runId }]);
  const [row] = await database.sql`SELECT expires_at > now() AS live FROM slots WHERE run_id = ${runId}`;
  expect(row).toEqual({ live: true });
});
