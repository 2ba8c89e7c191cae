import { expect, test } from "vitest";
import type { StoreUnderTest } from "./claim-store-contract.ts";
import { chargedTo, differencesOf, inUse, moneyOf, nothingInUse, placesOf } from "./looking.ts";
import {
  chargeOf,
  insertMembers,
  insertPerson,
  periodStart,
  requestOf,
  settlementOf,
  topUpOf,
} from "./requests.ts";

/** How money is set aside, charged and given back. */
export function moneyGuarantees(store: StoreUnderTest): void {
  test("settling charges what was spent once, gives slot and hold back, and tells whoever asks again the same", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person, { holdMicros: 50_000 });
    await claims.claim(request);
    const settlement = settlementOf(request, [chargeOf("a", 7_000), chargeOf("b", 0)]);
    const settled = await claims.settle(settlement);
    expect(settled).toMatchObject({ status: "completed", costMicros: 12_000 });
    expect(await claims.settle(settlement)).toEqual(settled);
    expect(await elsewhere.settle(settlement)).toEqual(settled);
    expect(await inUse(claims, person)).toEqual({
      ...nothingInUse,
      tokens: { sync: 999_999, async: 1_000_000 },
    });
    expect(await moneyOf(claims, person)).toMatchObject({ settledMicros: 12_000, heldMicros: 0 });
    expect(await chargedTo(database, person)).toEqual({ counter: 12_000, ledger: 12_000, entries: 3 });
    expect(await placesOf(database, request.runId)).toEqual([
      { status: "completed", cost_micros: 12_000, input: request.input },
    ]);
  });

  test("a run that never reached a block gives everything but its token back and costs nothing", async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person);
    await claims.claim(request);
    const { record, ...rest } = settlementOf(request);
    await claims.settle({ ...rest, record: { ...record, status: "cancelled", startedAt: null } });
    expect(await moneyOf(claims, person)).toMatchObject({ settledMicros: 0, heldMicros: 0 });
    expect(await chargedTo(database, person)).toMatchObject({ counter: 0, entries: 0 });
  });

  test("a call moves what it cost from held to settled while its run goes on, once however often it is told", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person, { holdMicros: 50_000 });
    await claims.claim(request);
    await claims.persist("holder", [request.runId]);
    const call = { runId: request.runId, epoch: request.epoch, charge: chargeOf("a", 12_000) };
    await claims.settleCall(call);
    expect(await moneyOf(claims, person)).toMatchObject({ settledMicros: 12_000, heldMicros: 38_000 });
    await Promise.all([claims.settleCall(call), elsewhere.settleCall(call), claims.settleCall(call)]);
    expect(await moneyOf(claims, person)).toMatchObject({ settledMicros: 12_000, heldMicros: 38_000 });
    await Promise.all([
      claims.settleCall({ ...call, charge: chargeOf("b", 1_000) }),
      elsewhere.settleCall({ ...call, charge: chargeOf("c", 2_000) }),
    ]);
    expect(await moneyOf(claims, person)).toMatchObject({ settledMicros: 15_000, heldMicros: 35_000 });
    expect(await chargedTo(database, person)).toEqual({ counter: 15_000, ledger: 15_000, entries: 3 });
  });

  test("a call told again while its run is settled is charged once", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const requests = Array.from({ length: 10 }, () => requestOf(person, { holdMicros: 50_000 }));
    await Promise.all(
      requests.map(async (request) => {
        await claims.claim(request);
        await claims.persist("holder", [request.runId]);
        const call = { runId: request.runId, epoch: request.epoch, charge: chargeOf("a", 9_000) };
        await Promise.all([
          claims.settleCall(call),
          claims.settle(settlementOf(request, [call.charge])),
          elsewhere.settleCall(call),
        ]);
        await claims.settleCall(call);
      }),
    );
    expect(await moneyOf(claims, person)).toMatchObject({ settledMicros: 140_000, heldMicros: 0 });
    expect(await inUse(claims, person)).toMatchObject({ slots: 0, heldMicros: 0, memberHeldMicros: 0 });
    expect(await chargedTo(database, person)).toEqual({ counter: 140_000, ledger: 140_000, entries: 20 });
    expect(await differencesOf(database, person)).toEqual([]);
  });

  test("what a run cost beyond its hold is charged, and does not let go of what others hold", async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const [request, other] = [requestOf(person), requestOf(person, { holdMicros: 20_000 })];
    await claims.claim(request);
    await claims.claim(other);
    await claims.persist("holder", [request.runId]);
    const { runId, epoch } = request;
    await claims.settleCall({ runId, epoch, charge: chargeOf("a", 8_000) });
    expect(await moneyOf(claims, person)).toMatchObject({ settledMicros: 8_000, heldMicros: 20_000 });
    await claims.settle(settlementOf(request, [chargeOf("a", 8_000)]));
    expect(await moneyOf(claims, person)).toMatchObject({ settledMicros: 13_000, heldMicros: 20_000 });
  });

  test("a top-up is taken whole or refused by the first thing in its way, and then nothing is taken", async () => {
    const { claims, database } = store();
    const [member] = await insertMembers(database);
    const limits = { limitMicros: 30_000, memberLimitMicros: 28_000 };
    const request = requestOf(member, { ...limits, holdMicros: 10_000 });
    await claims.claim(request);
    await claims.claim(requestOf(member, { ...limits, expectedMs: 500_000 }));
    expect(await claims.topUp(topUpOf(request, 5_000))).toMatchObject({ result: "held", heldMicros: 15_000 });
    const refused = await claims.topUp(topUpOf(request, 9_000));
    expect(refused).toMatchObject({ result: "member_headroom", heldMicros: 20_000 });
    // Until the other run ends: its own end does not help it.
    expect(refused.earliestEndMs).toBeGreaterThan(60_000);
    expect(await claims.topUp(topUpOf(request, 14_000))).toMatchObject({ result: "member_usage" });
    expect(await claims.topUp(topUpOf({ ...request, memberLimitMicros: null }, 11_000))).toMatchObject({
      result: "payer_headroom",
    });
    expect(await claims.topUp(topUpOf(request, 16_000))).toMatchObject({ result: "usage" });
    expect(await inUse(claims, member)).toMatchObject({ heldMicros: 20_000, memberHeldMicros: 20_000 });
  });

  test("what is settled between another's facts and its claim is known to the claim", async () => {
    const { claims, elsewhere, database } = store();
    const [member] = await insertMembers(database);
    // The facts of all of these are as old as the payer: they know of nothing settled.
    const limits = { limitMicros: 12_000, memberLimitMicros: 11_000 };
    const request = requestOf(member, { ...limits, holdMicros: 6_000 });
    await claims.claim(request);
    expect(await elsewhere.claim(requestOf(member, limits))).toMatchObject({ result: "claimed" });
    await claims.persist("holder", [request.runId]);
    const { runId, epoch } = request;
    await claims.settleCall({ runId, epoch, charge: chargeOf("a", 1_000) });
    expect(await elsewhere.inspect(requestOf(member, limits))).toMatchObject({
      result: "payer_headroom",
      settledMicros: 1_000,
      heldMicros: 10_000,
      memberSettledMicros: 1_000,
      memberHeldMicros: 10_000,
    });
    await claims.settle(settlementOf(request, [chargeOf("a", 1_000)]));
    expect(await elsewhere.claim(requestOf(member, { ...limits, holdMicros: 1_001 }))).toMatchObject({
      result: "payer_headroom",
      settledMicros: 6_000,
      heldMicros: 5_000,
      memberSettledMicros: 6_000,
    });
    expect(await elsewhere.claim(requestOf(member, { ...limits, holdMicros: 6_001 }))).toMatchObject({
      result: "usage",
    });
  });

  test("what was settled before this store was asked for the first time is known by the facts", async () => {
    const { claims, database } = store();
    const [member] = await insertMembers(database);
    const { payerId, userId } = member;
    await database.sql`INSERT INTO usage_counters VALUES (${payerId}, ${periodStart}, 9000)`;
    await database.sql`INSERT INTO member_usage_counters VALUES (${payerId}, ${userId}, ${periodStart}, 4000)`;
    const known = { ageMs: 0, settledMicros: 9_000, memberSettledMicros: 4_000 };
    expect(await claims.claim(requestOf(member, { known, limitMicros: 13_999 }))).toMatchObject({
      result: "usage",
    });
    expect(await claims.claim(requestOf(member, { known, memberLimitMicros: 8_999 }))).toMatchObject({
      result: "member_usage",
      settledMicros: 9_000,
      memberSettledMicros: 4_000,
    });
    const request = requestOf(member, { known, limitMicros: 15_000, memberLimitMicros: 10_000 });
    expect(await claims.claim(request)).toMatchObject({ result: "claimed" });
    expect(await claims.topUp(topUpOf(request, 1_000))).toMatchObject({
      result: "held",
      settledMicros: 9_000,
      memberSettledMicros: 4_000,
    });
    expect(await claims.topUp(topUpOf(request, 1))).toMatchObject({ result: "usage" });
  });

  test("a member's cap stops that member and nobody else, and money of another period stops nobody", async () => {
    const { claims, database } = store();
    const [one, other] = await insertMembers(database);
    const capped = { memberLimitMicros: 10_000 };
    for (let runs = 0; runs < 2; runs += 1) {
      const request = requestOf(one, capped);
      await claims.claim(request);
      await claims.settle(settlementOf(request));
    }
    expect(await claims.claim(requestOf(one, capped))).toMatchObject({
      result: "member_usage",
      memberSettledMicros: 10_000,
    });
    expect(await claims.claim(requestOf(other, capped))).toMatchObject({
      result: "claimed",
      settledMicros: 10_000,
      memberSettledMicros: 0,
    });
    const nextPeriod = requestOf(one, { ...capped, periodStart: "2026-02-01T00:00:00.000Z" });
    expect(await claims.claim(nextPeriod)).toMatchObject({ result: "claimed", settledMicros: 0 });
  });
}
