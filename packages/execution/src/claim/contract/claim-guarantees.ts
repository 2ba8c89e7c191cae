import { expect, test } from "vitest";
import { until } from "../../testing/until.ts";
import type { ClaimRequest, ClaimResult } from "../port.ts";
import type { StoreUnderTest } from "./claim-store-contract.ts";
import { chargedTo, claimAll, countResults, inUse, nothingInUse } from "./looking.ts";
import { hardlyPerMinute, insertMembers, insertPerson, requestOf, settlementOf } from "./requests.ts";

const many = 1_000;
const bucket = { counter: "sync", perMinute: hardlyPerMinute } as const;

/** What a claim takes, whom it refuses, and that it never takes a part. */
export function claimGuarantees(store: StoreUnderTest): void {
  test("a claim takes a token, a slot and a hold, and tells what it saw before", async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const first = requestOf(person, { expectedMs: 1_000_000 });
    expect(await claims.claim(first)).toEqual({
      result: "claimed",
      tokens: 1_000_000,
      slotsInUse: 0,
      earliestEndMs: null,
      settledMicros: 0,
      heldMicros: 0,
      memberSettledMicros: 0,
      memberHeldMicros: 0,
    });
    expect(await inUse(claims, person)).toEqual({
      slots: 1,
      heldMicros: 5_000,
      memberHeldMicros: 5_000,
      tokens: { sync: 999_999, async: 1_000_000 },
    });
    const second = await claims.claim(requestOf(person));
    expect(second).toMatchObject({ slotsInUse: 1, heldMicros: 5_000, memberHeldMicros: 5_000 });
    expect(second.earliestEndMs).toBeGreaterThan(0);
    expect(second.earliestEndMs).toBeLessThanOrEqual(1_000_000);
  });

  test("an inspection answers what the claim after it answers, and takes nothing", async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person, { concurrentRunsMax: 1 });
    const inspected = await claims.inspect(request);
    expect(await inUse(claims, person)).toEqual(nothingInUse);
    expect(await claims.claim(request)).toEqual(inspected);
    expect(await claims.inspect(requestOf(person, { concurrentRunsMax: 1 }))).toMatchObject({
      result: "concurrency",
      slotsInUse: 1,
    });
  });

  const refusals: readonly [ClaimResult, Partial<ClaimRequest>][] = [
    ["usage", { limitMicros: 4_999 }],
    ["member_usage", { memberLimitMicros: 4_999 }],
    ["rate", { rate: { ...bucket, capacity: 0.5 } }],
    ["concurrency", { concurrentRunsMax: 1 }],
    ["payer_headroom", { limitMicros: 9_999 }],
    ["member_headroom", { memberLimitMicros: 9_999 }],
  ];
  test.each(refusals)("a run refused by %s has taken nothing", async (result, limits) => {
    const { claims, database } = store();
    const [member] = await insertMembers(database);
    await claims.claim(requestOf(member));
    const before = await inUse(claims, member);
    expect(await claims.claim(requestOf(member, limits))).toMatchObject({ result });
    expect(await inUse(claims, member)).toEqual(before);
  });

  test("of several limits the first in the order of the gates is told", async () => {
    const { claims, database } = store();
    const [member] = await insertMembers(database);
    await claims.claim(requestOf(member));
    const standing = new Map(refusals);
    for (const [result] of refusals) {
      const limits = Object.assign({}, ...[...standing.values()].toReversed());
      expect(await claims.claim(requestOf(member, limits))).toMatchObject({ result });
      standing.delete(result);
    }
  });

  test(`of ${many} claims at once exactly 10 get the 10 slots`, async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const requests = Array.from({ length: many }, () => requestOf(person, { concurrentRunsMax: 10 }));
    expect(countResults(await claimAll(claims, requests))).toEqual({ claimed: 10, concurrency: many - 10 });
    expect(await inUse(claims, person)).toMatchObject({ slots: 10, heldMicros: 50_000 });
    expect((await inUse(claims, person)).tokens.sync).toBe(1_000_000 - 10);
  });

  test(`of ${many} claims at once exactly as many are admitted as the limit can pay for`, async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const requests = Array.from({ length: many / 2 }, () => requestOf(person, { limitMicros: 104_999 }));
    const others = Array.from({ length: many / 2 }, () => requestOf(person, { limitMicros: 104_999 }));
    const answers = await Promise.all([claimAll(claims, requests), claimAll(elsewhere, others)]);
    expect(countResults(answers.flat())).toEqual({ claimed: 20, payer_headroom: many - 20 });
    expect(await inUse(claims, person)).toMatchObject({ slots: 20, heldMicros: 100_000 });
  });

  test(`of ${many} claims at once exactly as many are admitted as the bucket has tokens`, async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const rate = { ...bucket, capacity: 30 };
    const requests = Array.from({ length: many }, () => requestOf(person, { rate }));
    expect(countResults(await claimAll(claims, requests))).toEqual({ claimed: 30, rate: many - 30 });
    expect(await inUse(claims, person)).toMatchObject({ slots: 30 });
  });

  test("payers, and the two buckets of one payer, do not meet", async () => {
    const { claims, database } = store();
    const [one, other] = [await insertPerson(database), await insertPerson(database)];
    const full = { concurrentRunsMax: 1, rate: { ...bucket, capacity: 1 } };
    expect(await claims.claim(requestOf(one, full))).toMatchObject({ result: "claimed" });
    expect(await claims.claim(requestOf(other, full))).toMatchObject({ result: "claimed" });
    const asyncRate = { ...bucket, counter: "async", capacity: 1 } as const;
    expect(await claims.claim(requestOf(one, { rate: asyncRate }))).toMatchObject({ result: "claimed" });
    expect(await claims.claim(requestOf(one, { rate: asyncRate }))).toMatchObject({ result: "rate" });
  });

  test("without limits nothing is refused, and without a bucket no token is taken", async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const unlimited = { limitMicros: null, memberLimitMicros: null, concurrentRunsMax: null, rate: null };
    const requests = Array.from({ length: 50 }, () =>
      requestOf(person, { ...unlimited, holdMicros: 1_000_000_000_000 }),
    );
    const answers = await claimAll(claims, requests);
    expect(countResults(answers)).toEqual({ claimed: 50 });
    expect(answers.every(({ tokens }) => tokens === null)).toBe(true);
    expect(await inUse(claims, person)).toMatchObject({
      slots: 50,
      heldMicros: 50_000_000_000_000,
      tokens: nothingInUse.tokens,
    });
  });

  test("the same run claimed many times at once, here and elsewhere, is one claim", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person, { concurrentRunsMax: 1, limitMicros: 5_000 });
    const twenty = Array.from({ length: 10 }, () => request);
    const answers = await Promise.all([claimAll(claims, twenty), claimAll(elsewhere, twenty)]);
    expect(countResults(answers.flat())).toEqual({ claimed: 20 });
    expect(await inUse(claims, person)).toEqual({
      slots: 1,
      heldMicros: 5_000,
      memberHeldMicros: 5_000,
      tokens: { sync: 999_999, async: 1_000_000 },
    });
  });

  test("a run that somebody else asks for again stays with its first holder, under its first epoch", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const requests = Array.from({ length: 20 }, () => requestOf(person));
    await Promise.all(
      requests.map(async (request) => {
        const taken = claims.claim(request);
        const later = taken.then(() => elsewhere.claim({ ...request, holder: "other", epoch: 9 }));
        expect((await Promise.all([taken, later])).map(({ result }) => result)).toEqual([
          "claimed",
          "claimed",
        ]);
        const [first, second] = await Promise.all([
          claims.persist("holder", [request.runId]),
          elsewhere.persist("other", [request.runId]),
        ]);
        expect([first, second]).toEqual([[request.runId], []]);
        await claims.settle(settlementOf({ ...request, epoch: 9 }));
      }),
    );
    expect(await inUse(claims, person)).toMatchObject({ slots: 20 });
  });

  test("a run's id that another payer's run has is a conflict, and nothing is taken", async () => {
    const { claims, elsewhere, database } = store();
    const [one, other] = [await insertPerson(database), await insertPerson(database)];
    const request = requestOf(one);
    await claims.claim(request);
    const foreign = requestOf(other, { runId: request.runId, holder: "other" });
    expect(await elsewhere.claim(foreign)).toMatchObject({ result: "conflict" });
    expect(await inUse(claims, other)).toEqual(nothingInUse);
    expect(await claims.persist("holder", [request.runId])).toEqual([request.runId]);
    expect(await claims.persist("other", [request.runId])).toEqual([]);
  });

  test("a run that has ended cannot be claimed again, and nothing is taken", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person);
    await claims.claim(request);
    await claims.settle(settlementOf(request));
    const after = await inUse(claims, person);
    expect(await claims.claim(request)).toMatchObject({ result: "conflict" });
    expect(await elsewhere.claim(request)).toMatchObject({ result: "conflict" });
    expect(await inUse(claims, person)).toEqual(after);
    expect(await chargedTo(database, person)).toEqual({ counter: 5_000, ledger: 5_000, entries: 1 });
  });

  test("tokens come back continuously, a fraction at a time, and never faster than their rate", async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const rate = { counter: "sync", perMinute: 600, capacity: 2 } as const;
    const startedAt = performance.now();
    await claims.claim(requestOf(person, { rate }));
    await claims.claim(requestOf(person, { rate }));
    const tokens = async () => (await claims.inspect(requestOf(person, { rate }))).tokens ?? 0;
    await until(async () => !Number.isInteger(await tokens()));
    const early = await tokens();
    await until(async () => (await tokens()) > early + 0.01);
    const later = await tokens();
    expect(later).toBeLessThanOrEqual(Math.min(2, ((performance.now() - startedAt) * 600) / 60_000));
    await until(async () => (await tokens()) >= 1);
    expect(await claims.claim(requestOf(person, { rate }))).toMatchObject({ result: "claimed" });
    // Never more than its capacity.
    await until(async () => (await tokens()) === 2);
  });
}
