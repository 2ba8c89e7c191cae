import { expect, test } from "vitest";
import { openRedisClaims } from "../../testing/redis-claims.ts";
import { until } from "../../testing/until.ts";
import { inUse, nothingInUse } from "../contract/looking.ts";
import { insertPerson, requestOf, settlementOf } from "../contract/requests.ts";

test("whatever payers and runs are called, they do not meet", async () => {
  // A cluster refuses scripts whose keys have different tags.
  await using store = await openRedisClaims({ cluster: true });
  const { claims, database } = store;
  const person = await insertPerson(database);
  const names = [
    "*",
    "}",
    "{",
    "{a}",
    "a}b",
    "a",
    "a:slots",
    "a}:slots",
    "[a-z]*",
    "ä ß 🙂",
    "\n",
    '"',
    "payers",
  ];
  for (const [index, name] of names.entries()) {
    const payer = { ...person, payerId: name };
    expect(await inUse(claims, payer)).toEqual(nothingInUse);
    const request = requestOf(payer, { runId: name, holdMicros: index + 1, concurrentRunsMax: 1 });
    expect(await claims.claim(request)).toMatchObject({ result: "claimed" });
  }
  for (const [index, name] of names.entries()) {
    expect(await inUse(claims, { ...person, payerId: name })).toMatchObject({
      slots: 1,
      heldMicros: index + 1,
    });
  }
  for (const name of names) expect(await claims.release(name, "holder")).toBe(true);
});

test("nothing stays in Redis for ever: when all runs have ended every key has an end, and no payer is looked at again", async () => {
  await using store = await openRedisClaims();
  const { claims, elsewhere, redis, database } = store;
  const slow = { counter: "sync", perMinute: 0.000_01, capacity: 5 } as const;
  for (let payers = 0; payers < 3; payers += 1) {
    const person = await insertPerson(database);
    const [settled, released, lost, refused] = [
      requestOf(person),
      requestOf(person, { rate: slow }),
      requestOf(person, { leaseMs: 1 }),
      requestOf(person, { limitMicros: 1 }),
    ];
    for (const request of [settled, released, lost, refused]) await claims.claim(request);
    await claims.persist("holder", [settled.runId]);
    await claims.renew("holder", [settled.runId, released.runId], 1);
    await claims.settle(settlementOf(settled));
    await claims.release(released.runId, "holder");
    await until(async () => (await elsewhere.reap()).includes(lost.runId));
    // What is left of a run that has ended is there for whoever asks for it once more.
    for (const { runId } of [settled, lost])
      expect(await redis.pttl(`gantry:owner:{${runId}}`)).toBeLessThanOrEqual(60_000);
  }
  // Payers of whom nothing is left are looked at once more.
  await until(async () => {
    await elsewhere.reap();
    return (await redis.exists("gantry:payers")) === 0;
  });
  const names = await redis.keys("*");
  expect(names.length).toBeGreaterThan(0);
  const withoutEnd = [];
  for (const name of names) if ((await redis.pttl(name)) === -1) withoutEnd.push(name);
  expect(withoutEnd).toEqual([]);
  expect(names.filter((name) => /:(?:slots|ends|held|slot:.*)$/.test(name))).toEqual([]);
});

test("while runs go on, what is kept of them has no end before them, and an end nevertheless", async () => {
  await using store = await openRedisClaims();
  const { claims, redis, database } = store;
  const person = await insertPerson(database);
  const request = requestOf(person);
  await claims.claim(request);
  await claims.persist("holder", [request.runId]);
  await claims.renew("holder", [request.runId], 20_000);
  for (const name of await redis.keys(`gantry:{${person.payerId}}:*`)) {
    expect(await redis.pttl(name)).toBeGreaterThan(60_000);
  }
  expect(await redis.pttl(`gantry:owner:{${request.runId}}`)).toBeGreaterThan(60_000);
});
