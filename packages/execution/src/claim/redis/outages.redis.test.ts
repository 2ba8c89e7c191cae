import { inspect } from "node:util";
import { classifyStoreFailure } from "@gantry/db";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openRedisClaims, type RedisClaims } from "../../testing/redis-claims.ts";
import { until } from "../../testing/until.ts";
import { chargedTo, inUse, moneyOf, nothingInUse, placesOf } from "../contract/looking.ts";
import {
  type Claimant,
  chargeOf,
  insertPerson,
  requestOf,
  settlementOf,
  topUpOf,
} from "../contract/requests.ts";
import type { ClaimRequest } from "../port.ts";

let store: RedisClaims;
let person: Claimant;
/** In progress since before the outage. */
let running: ClaimRequest;

beforeEach(async () => {
  store = await openRedisClaims();
  person = await insertPerson(store.database);
  running = requestOf(person, { holdMicros: 50_000 });
  await store.claims.claim(running);
  await store.claims.persist("holder", [running.runId]);
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
});

async function failureOf(answer: Promise<unknown>): Promise<string> {
  return await answer.then(
    () => "none",
    (error: unknown) => classifyStoreFailure(error),
  );
}

function everyMethod(): Promise<unknown>[] {
  const { claims } = store;
  const { runId, epoch } = running;
  return [
    claims.claim(requestOf(person)),
    claims.inspect(requestOf(person)),
    claims.inUse(person, { sync: null, async: null }),
    claims.persist("holder", [runId]),
    claims.renew("holder", [runId], 3_600_000),
    claims.topUp(topUpOf(running, 1_000)),
    claims.settleCall({ runId, epoch, charge: chargeOf("a", 1_000) }),
    claims.settle(settlementOf(running)),
    claims.release(runId, "holder"),
    claims.reap(),
    claims.free(runId),
    claims.requestCancel(runId),
  ];
}

async function untilItAnswers(): Promise<void> {
  await until(async () => (await failureOf(store.claims.inspect(requestOf(person)))) === "none");
}

test("while Redis is away every method fails as unavailable and charges nothing; it is found again by itself", async () => {
  const { database, server } = store;
  await server.kill();
  const failures = await Promise.all(everyMethod().map(failureOf));
  expect(new Set(failures)).toEqual(new Set(["unavailable"]));
  expect(await chargedTo(database, person)).toMatchObject({ entries: 0 });
  await server.restart();
  await untilItAnswers();
  // A server that has never seen the scripts.
  expect(await store.claims.claim(requestOf(person))).toMatchObject({ result: "claimed" });
});

test("while Redis accepts and answers nothing every method fails as unavailable, soon at once; it is found again", async () => {
  const { claims, server } = store;
  server.pause();
  const failures = await Promise.all(everyMethod().map(failureOf));
  expect(new Set(failures)).toEqual(new Set(["unavailable"]));
  // The connection is given up: from then on nobody waits for an answer that will not come.
  await until(() => store.redis.status !== "ready");
  expect(await failureOf(claims.inspect(requestOf(person)))).toBe("unavailable");
  server.resume();
  await untilItAnswers();
  // What arrived late was done, for nobody: it ends like any other claim without an answer. What was there is there.
  expect(await claims.renew("holder", [running.runId], 3_600_000)).toHaveLength(1);
});

test("a server that became a replica refuses claims as unavailable, and takes them again as a primary", async () => {
  const { claims, redis } = store;
  await redis.replicaof("127.0.0.1", 1);
  expect(await failureOf(claims.claim(requestOf(person)))).toBe("unavailable");
  await until(() => redis.status === "ready");
  await until(async () => (await redis.replicaof("NO", "ONE").catch(() => null)) === "OK");
  await untilItAnswers();
  await until(async () => (await failureOf(claims.claim(requestOf(person)))) === "none");
});

test("a full server refuses claims as unavailable and takes nothing, while runs in progress go on and end", async () => {
  const { claims, elsewhere, redis, database } = store;
  const dead = requestOf(person, { leaseMs: 1 });
  await claims.claim(dead);
  const before = await inUse(claims, person);
  await redis.config("SET", "maxmemory", "1");
  const refused = requestOf(person);
  expect(await failureOf(claims.claim(refused))).toBe("unavailable");
  expect(await failureOf(claims.topUp(topUpOf(running, 1_000)))).toBe("unavailable");
  expect(await inUse(claims, person)).toEqual(before);
  expect(await placesOf(database, refused.runId)).toEqual([]);

  const { runId, epoch } = running;
  expect(await claims.renew("holder", [runId], 3_600_000)).toHaveLength(1);
  await claims.settleCall({ runId, epoch, charge: chargeOf("a", 1_000) });
  expect(await moneyOf(claims, person)).toMatchObject({ settledMicros: 1_000, heldMicros: 54_000 });
  await claims.settle(settlementOf(running, [chargeOf("a", 1_000)]));
  await until(async () => (await elsewhere.reap()).includes(dead.runId));
  expect(await inUse(claims, person)).toMatchObject({ slots: 0, heldMicros: 0 });
  expect(await moneyOf(claims, person)).toMatchObject({ settledMicros: 6_000 });

  await redis.config("SET", "maxmemory", "0");
  expect(await claims.claim(refused)).toMatchObject({ result: "claimed" });
});

test("when Redis has lost its data, runs lose their leases, what they spend is charged, and the facts say what is settled", async () => {
  const { claims, elsewhere, database, redis, server } = store;
  const dead = requestOf(person, { leaseMs: 1 });
  await claims.claim(dead);
  await claims.persist("holder", [dead.runId]);
  await server.kill();
  await server.restart();
  await Promise.all([until(() => redis.status === "ready"), untilItAnswers()]);

  const { runId, epoch } = running;
  expect(await claims.renew("holder", [runId], 3_600_000)).toEqual([]);
  expect(await claims.persist("holder", [runId])).toEqual([]);
  expect(await claims.topUp(topUpOf(running, 1))).toMatchObject({ result: "lost" });
  await claims.settleCall({ runId, epoch, charge: chargeOf("a", 2_000) });
  await claims.settle(settlementOf(running, [chargeOf("a", 2_000)]));
  expect(await chargedTo(database, person)).toMatchObject({ counter: 7_000 });
  await until(async () => (await elsewhere.reap()).includes(dead.runId));
  expect(await placesOf(database, dead.runId)).toMatchObject([{ status: "lost" }]);

  expect(await inUse(claims, person)).toEqual(nothingInUse);
  const known = { ageMs: 0, settledMicros: 7_000, memberSettledMicros: 0 };
  expect(await claims.claim(requestOf(person, { known, limitMicros: 11_999 }))).toMatchObject({
    result: "usage",
  });
});

test("facts that are old are not claimed by", async () => {
  const known = { ageMs: 60_001, settledMicros: 0, memberSettledMicros: 0 };
  await expect(store.claims.claim(requestOf(person, { known }))).rejects.toThrow("too old");
});

test("an error says nothing of what was sent", async () => {
  const { claims, redis } = store;
  await redis.config("SET", "maxmemory", "1");
  const secret = requestOf(person, { input: '{"secret":"swordfish"}' });
  const error: unknown = await claims.claim(secret).catch((thrown: unknown) => thrown);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("swordfish");
});
