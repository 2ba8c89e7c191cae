import { expect, test } from "vitest";
import { until } from "../../testing/until.ts";
import type { ClaimStore } from "../port.ts";
import type { StoreUnderTest } from "./claim-store-contract.ts";
import { chargedTo, inUse, moneyOf, nothingInUse, placesOf } from "./looking.ts";
import { chargeOf, insertPerson, requestOf, settlementOf, topUpOf } from "./requests.ts";

/** Until when a slot counts, and who may still do something through it. */
export function leaseGuarantees(store: StoreUnderTest): void {
  /** Reaps until this run was among those that were lost. */
  async function untilReaped(claims: ClaimStore, runId: string): Promise<void> {
    await until(async () => (await claims.reap()).includes(runId));
  }

  test("a release gives everything back, its token too, and once", async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const [request, recorded] = [requestOf(person), requestOf(person)];
    await claims.claim(request);
    await claims.claim(recorded);
    await claims.persist("holder", [recorded.runId]);
    expect(await claims.release(request.runId, "somebody else")).toBe(false);
    expect(await claims.release(request.runId, "holder")).toBe(true);
    expect(await claims.release(recorded.runId, "holder")).toBe(true);
    expect(await claims.release(request.runId, "holder")).toBe(false);
    expect(await inUse(claims, person)).toEqual(nothingInUse);
    expect(await placesOf(database, request.runId)).toEqual([]);
    expect(await placesOf(database, recorded.runId)).toEqual([]);
    // It never was, so it may be claimed again.
    expect(await claims.claim(request)).toMatchObject({ result: "claimed" });
  });

  test("releasing what was never claimed gives nothing back", async () => {
    const { claims } = store();
    expect(await claims.release("never", "holder")).toBe(false);
  });

  test("a run in progress is in one place, and persist answers with those of the holder that stand", async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const [one, other, foreign] = [
      requestOf(person),
      requestOf(person),
      requestOf(person, { holder: "somebody else" }),
    ];
    for (const request of [one, other, foreign]) await claims.claim(request);
    const runIds = [one.runId, "never", other.runId, foreign.runId];
    expect([...(await claims.persist("holder", runIds))].sort()).toEqual([one.runId, other.runId].sort());
    expect(await placesOf(database, one.runId)).toEqual([
      { status: "running", cost_micros: 0, input: one.input },
    ]);
  });

  test("a slot whose lease has run out counts until it is reaped, and its holder may renew it up to then", async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person, { leaseMs: 1, concurrentRunsMax: 1 });
    await claims.claim(request);
    await claims.persist("holder", [request.runId]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await claims.claim(requestOf(person, { concurrentRunsMax: 1 }))).toMatchObject({
      result: "concurrency",
    });
    expect(await claims.renew("holder", [request.runId], 3_600_000)).toEqual([
      { runId: request.runId, cancelRequested: false },
    ]);
    expect(await claims.reap()).not.toContain(request.runId);
    expect(await inUse(claims, person)).toMatchObject({ slots: 1 });
  });

  test("only its holder renews a lease, and of many runs only those that have one", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const requests = Array.from({ length: 5 }, () => requestOf(person));
    for (const request of requests) await claims.claim(request);
    const runIds = requests.map(({ runId }) => runId);
    expect(await elsewhere.renew("somebody else", runIds, 3_600_000)).toEqual([]);
    const renewed = await elsewhere.renew("holder", [...runIds, "never"], 3_600_000);
    expect(renewed.map(({ runId }) => runId).sort()).toEqual([...runIds].sort());
    // A beat also sees to it that a run is on record.
    for (const runId of runIds) expect(await placesOf(database, runId)).toHaveLength(1);
  });

  test("a beat after a top-up the row of a run says what it holds, for the eyes of people", async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person);
    await claims.claim(request);
    await claims.topUp(topUpOf(request, 7_000));
    await claims.renew("holder", [request.runId], 3_600_000);
    const rows = await database.sql`
      SELECT hold_micros::float8 AS hold FROM slots WHERE run_id = ${request.runId}`;
    expect([...rows]).toEqual([{ hold: 12_000 }]);
  });

  test("a run whose lease has run out is lost: slot and hold return, and what was charged stays", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person, { holdMicros: 50_000 });
    await claims.claim(request);
    await claims.persist("holder", [request.runId]);
    const { runId, epoch } = request;
    await claims.settleCall({ runId, epoch, charge: chargeOf("a", 9_000) });
    expect(await elsewhere.reap()).not.toContain(runId);
    await claims.renew("holder", [runId], 1);
    await untilReaped(elsewhere, runId);
    expect(await inUse(claims, person)).toMatchObject({ slots: 0, heldMicros: 0, memberHeldMicros: 0 });
    expect(await moneyOf(claims, person)).toMatchObject({ settledMicros: 9_000, heldMicros: 0 });
    expect(await placesOf(database, runId)).toEqual([
      { status: "lost", cost_micros: 9_000, input: request.input },
    ]);
    expect(await claims.reap()).not.toContain(runId);
  });

  test("a late writer, whose run was taken as lost, changes nothing and is told so", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person, { leaseMs: 1 });
    const { runId, epoch } = request;
    await claims.claim(request);
    await untilReaped(elsewhere, runId);
    expect(await claims.renew("holder", [runId], 3_600_000)).toEqual([]);
    expect(await claims.persist("holder", [runId])).toEqual([]);
    expect(await claims.topUp(topUpOf(request, 1))).toMatchObject({ result: "lost" });
    await claims.settleCall({ runId, epoch, charge: chargeOf("a", 9_000) });
    expect(await claims.settle(settlementOf(request, [chargeOf("a", 9_000)]))).toMatchObject({
      status: "lost",
      costMicros: 0,
    });
    expect(await claims.release(runId, "holder")).toBe(false);
    expect(await claims.requestCancel(runId)).toBe(false);
    expect(await claims.free(runId)).toBe(false);
    expect(await inUse(claims, person)).toMatchObject({ slots: 0, heldMicros: 0 });
    expect(await chargedTo(database, person)).toMatchObject({ counter: 0, entries: 0 });
  });

  test("a writer with an older epoch changes nothing, and the run goes on", async () => {
    const { claims, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person, { epoch: 7 });
    const { runId } = request;
    await claims.claim(request);
    await claims.persist("holder", [runId]);
    const before = await inUse(claims, person);
    const older = { ...request, epoch: 6 };
    await claims.settleCall({ runId, epoch: 6, charge: chargeOf("a", 1_000) });
    expect(await claims.topUp(topUpOf(older, 1_000))).toMatchObject({ result: "lost" });
    expect(await claims.settle(settlementOf(older))).toMatchObject({ status: "lost", costMicros: 0 });
    expect(await inUse(claims, person)).toEqual(before);
    expect(await chargedTo(database, person)).toMatchObject({ counter: 0, entries: 0 });
    expect(await claims.settle(settlementOf(request))).toMatchObject({ status: "completed" });
  });

  test("of two that reap at once each lost run is told to one", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const requests = Array.from({ length: 30 }, () => requestOf(person, { leaseMs: 1 }));
    for (const request of requests) await claims.claim(request);
    const told: string[] = [];
    await until(async () => {
      const both = await Promise.all([claims.reap(), elsewhere.reap()]);
      told.push(...both.flat());
      return (await inUse(claims, person)).slots === 0;
    });
    expect(told.sort()).toEqual(requests.map(({ runId }) => runId).sort());
  });

  test("an operator frees a run whatever its lease says: it is lost, and its holder learns of it", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person);
    await claims.claim(request);
    expect(await elsewhere.free(request.runId)).toBe(true);
    expect(await elsewhere.free(request.runId)).toBe(false);
    expect(await inUse(claims, person)).toMatchObject({ slots: 0, heldMicros: 0 });
    expect(await claims.renew("holder", [request.runId], 3_600_000)).toEqual([]);
    expect(await placesOf(database, request.runId)).toMatchObject([{ status: "lost", cost_micros: 0 }]);
    expect(await elsewhere.free("never")).toBe(false);
  });

  test("whoever asks for a run's end is heard by its holder with the next renewal", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const request = requestOf(person);
    await claims.claim(request);
    expect(await elsewhere.requestCancel("never")).toBe(false);
    expect(await elsewhere.requestCancel(request.runId)).toBe(true);
    expect(await claims.renew("holder", [request.runId], 3_600_000)).toEqual([
      { runId: request.runId, cancelRequested: true },
    ]);
    await claims.settle(settlementOf(request));
    expect(await elsewhere.requestCancel(request.runId)).toBe(false);
  });
}
