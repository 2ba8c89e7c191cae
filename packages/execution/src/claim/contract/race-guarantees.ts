import { expect, test } from "vitest";
import type { ClaimAnswer, ClaimStore } from "../port.ts";
import type { StoreUnderTest } from "./claim-store-contract.ts";
import { chargedTo, differencesOf, inUse, moneyOf } from "./looking.ts";
import {
  type Claimant,
  chargeOf,
  insertMembers,
  insertPerson,
  requestOf,
  settlementOf,
  topUpOf,
} from "./requests.ts";

type Money = Pick<ClaimAnswer, "settledMicros" | "heldMicros" | "memberSettledMicros" | "memberHeldMicros">;

/** What stays true while many do many things at once. */
export function raceGuarantees(store: StoreUnderTest): void {
  test("of 200 top-ups and 200 claims at once exactly as many are granted as the limit leaves room for", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const limits = { limitMicros: 100_000 };
    const running = Array.from({ length: 5 }, () => requestOf(person, limits));
    for (const request of running) await claims.claim(request);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => [
        ...running.map((request) => claims.topUp(topUpOf(request, 5_000))),
        ...running.map(() => elsewhere.claim(requestOf(person, limits))),
      ]).flat(),
    );
    const granted = answers.filter(({ result }) => result === "held" || result === "claimed");
    expect(granted).toHaveLength(15);
    expect(await inUse(claims, person)).toMatchObject({ heldMicros: 100_000 });
  });

  test("nothing is granted past a limit, and nothing charged past it, while runs claim, top up, are charged and end", async () => {
    const { claims, elsewhere, database } = store();
    const [one, other] = await insertMembers(database);
    const limitMicros = 400_000;
    const memberLimitMicros = 250_000;
    const limits = { limitMicros, memberLimitMicros, concurrentRunsMax: 12 };

    let ended = 0;
    const past: unknown[] = [];
    /** What was granted must fit beside all that the store saw settled and held at that instant. */
    function check(granted: Money, askedMicros: number): void {
      const isPast =
        granted.settledMicros + granted.heldMicros + askedMicros > limitMicros ||
        granted.memberSettledMicros + granted.memberHeldMicros + askedMicros > memberLimitMicros;
      if (isPast) past.push({ ...granted, askedMicros });
    }
    /** Runs of which each spends all that it holds. */
    async function work(through: ClaimStore, member: Claimant): Promise<void> {
      for (let runs = 0; runs < 12; runs += 1) {
        const request = requestOf(member, { ...limits, holdMicros: 8_000 });
        const claimed = await through.claim(request);
        if (claimed.result !== "claimed") continue;
        check(claimed, 8_000);
        const charges = [chargeOf("a", 3_000)];
        const topUp = await through.topUp(topUpOf(request, 4_000));
        if (topUp.result === "held") {
          check(topUp, 4_000);
          await through.persist("holder", [request.runId]);
          charges.push(chargeOf("b", 4_000));
          for (const charge of charges)
            await through.settleCall({ runId: request.runId, epoch: request.epoch, charge });
        }
        await through.settle(settlementOf(request, charges));
        ended += 1;
      }
    }
    const over = new AbortController();
    let looks = 0;
    async function watch(): Promise<void> {
      while (!over.signal.aborted) {
        const { counter } = await chargedTo(database, one);
        if (counter > limitMicros) past.push({ counter });
        looks += 1;
      }
    }
    const workers = Array.from({ length: 8 }, (_, index) =>
      work(index % 2 === 0 ? claims : elsewhere, index % 3 === 0 ? other : one),
    );
    await Promise.all([Promise.all(workers).finally(() => over.abort()), watch()]);

    expect(past).toEqual([]);
    expect(looks).toBeGreaterThan(5);
    expect(ended).toBeGreaterThan(20);
    expect(await inUse(claims, one)).toMatchObject({ slots: 0, heldMicros: 0, memberHeldMicros: 0 });
    const charged = await chargedTo(database, one);
    expect(charged.counter).toBe(charged.ledger);
    expect(charged.counter).toBeLessThanOrEqual(limitMicros);
    expect((await moneyOf(claims, one)).settledMicros).toBe(charged.counter);
    expect(await differencesOf(database, one)).toEqual([]);
    // Otherwise these limits would have stood in nobody's way.
    expect((await claims.claim(requestOf(one, limits))).result).not.toBe("claimed");
  });

  test("a run that is claimed, settled and freed at once, here and elsewhere, ends once and in one way", async () => {
    const { claims, elsewhere, database } = store();
    const person = await insertPerson(database);
    const requests = Array.from({ length: 100 }, () => requestOf(person));
    const told = await Promise.all(
      requests.map(async (request, index) => {
        await claims.claim(request);
        // Also before the run is on record.
        if (index % 2 === 0) await claims.persist("holder", [request.runId]);
        const [settled, freed] = await Promise.all([
          claims.settle(settlementOf(request)),
          elsewhere.free(request.runId),
          elsewhere.settle(settlementOf(request)),
        ]);
        return { status: settled.status, freed };
      }),
    );
    expect(await inUse(claims, person)).toMatchObject({ slots: 0, heldMicros: 0, memberHeldMicros: 0 });
    const rows = await database.sql<{ status: string }[]>`
      SELECT status FROM run_rows WHERE workspace_id = ${person.workspaceId}`;
    expect(rows).toHaveLength(100);
    const completed = rows.filter(({ status }) => status === "completed").length;
    expect(rows.filter(({ status }) => status === "lost")).toHaveLength(100 - completed);
    expect(told.filter(({ freed }) => freed)).toHaveLength(100 - completed);
    expect(await chargedTo(database, person)).toMatchObject({
      counter: 5_000 * completed,
      entries: completed,
    });
  });
}
