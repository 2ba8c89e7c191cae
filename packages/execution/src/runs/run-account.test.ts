import { setImmediate as nextTurn } from "node:timers/promises";
import { createTestDatabase, type TestDatabase } from "@gantry/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chargeOf, insertPerson, requestOf } from "../claim/contract/requests.ts";
import type { ClaimRequest, ClaimStore } from "../claim/port.ts";
import { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
import { createChance } from "../claim/simulation/chance.ts";
import type { Reservation } from "../engine/budget.ts";
import type { ModelCharge } from "../engine/events.ts";
import { readMoney } from "../testing/money.ts";
import { createRunAccount, type RunAccount } from "./run-account.ts";

/** Repeats a failure, or looks for another one. */
const seed = Number(process.env["GANTRY_SIMULATION_SEED"] ?? 20_261_124);
const baseChargeMicros = 5_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

interface Opened {
  readonly claim: ClaimRequest;
  readonly account: RunAccount;
  readonly told: unknown[];
  readonly lost: () => number;
}

async function open(
  limits: Partial<ClaimRequest> & { readonly maxCostMicros?: number } = {},
  over: Partial<Pick<ClaimStore, "topUp" | "settleCall">> = {},
): Promise<Opened> {
  const { maxCostMicros = null, ...overrides } = limits;
  const claims = createPostgresClaimStore(database.sql);
  const claim = requestOf(await insertPerson(database), overrides);
  expect(await claims.claim(claim)).toMatchObject({ result: "claimed" });
  const told: unknown[] = [];
  let lost = 0;
  const account = createRunAccount(
    {
      claims: { topUp: claims.topUp, settleCall: claims.settleCall, ...over },
      confirm: async () => (await claims.persist(claim.holder, [claim.runId])).length === 1,
      onLost: () => {
        lost += 1;
      },
      onError: (error) => told.push(error),
    },
    { claim, baseChargeMicros, maxCostMicros, resetAt: 1_800_000_000_000 },
  );
  return { claim, account, told, lost: () => lost };
}

function createSignal() {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give, given };
}

function granted(reservation: Reservation): Extract<Reservation, { ok: true }> {
  if (!reservation.ok) throw new Error(`Not granted: ${reservation.error.code}`);
  return reservation;
}

describe("calls of one run at the same time", () => {
  test("never lend the same rest twice: what is promised while a top-up is on its way is not lent again", async () => {
    const claims = createPostgresClaimStore(database.sql);
    const asked = createSignal();
    const answered = createSignal();
    const { claim, account } = await open(
      { holdMicros: 50_000, limitMicros: 1_000_000 },
      {
        topUp: async (request) => {
          asked.give();
          await answered.given;
          return await claims.topUp(request);
        },
      },
    );
    // The first needs all that is left and more; the second would fit into what is left, were it still there.
    const first = account.reserve(60_000);
    await asked.given;
    const second = account.reserve(20_000);
    answered.give();
    for (const reservation of await Promise.all([first, second])) granted(reservation);
    expect(await readMoney(database, claim.payerId)).toMatchObject({
      heldMicros: baseChargeMicros + 80_000,
    });
  });

  test("whatever they ask, cost and are refused, the store holds what is promised, and the limit stands", async () => {
    const limitMicros = 600_000;
    const chance = createChance(seed);
    const { claim, account, told } = await open({ holdMicros: 40_000, limitMicros });
    const inFlight: { readonly bound: number; readonly end: (charge: ModelCharge | null) => void }[] = [];
    const outcomes = new Map<string, number>();
    let calls = 0;
    try {
      for (let step = 0; step < 150; step += 1) {
        const asked = Array.from({ length: chance.between(1, 5) }, () => chance.between(0, 60_000));
        const ended = inFlight.splice(0, chance.between(0, inFlight.length));
        const reservations: Promise<{ bound: number; given: Reservation }>[] = [];
        for (const bound of asked) {
          reservations.push(account.reserve(bound).then((given) => ({ bound, given })));
          // Half of them come while the top-up of the one before is on its way.
          if (chance.odds(0.5)) await nextTurn();
        }
        for (const { bound, end } of ended) {
          calls += 1;
          end(chance.odds(0.3) ? null : chargeOf(`call:${calls}`, chance.between(0, Math.floor(bound / 4))));
        }
        for (const { bound, given } of await Promise.all(reservations)) {
          if (given.ok) inFlight.push({ bound, end: given.end });
          const outcome = given.ok ? "granted" : given.error.code;
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
        await account.written();
        const money = await readMoney(database, claim.payerId);
        const promised = inFlight.reduce((sum, { bound }) => sum + bound, baseChargeMicros);
        expect(money.heldMicros).toBeGreaterThanOrEqual(promised);
        expect(money.totalMicros).toBeLessThanOrEqual(limitMicros);
      }
    } catch (error) {
      throw new Error(`GANTRY_SIMULATION_SEED=${seed}: ${String(error)}`, { cause: error });
    }
    expect(told).toEqual([]);
    // Otherwise this history would have proved little.
    expect(Math.min(...outcomes.values())).toBeGreaterThan(20);
    const refusals = [...outcomes.keys()].filter((outcome) => outcome !== "granted");
    expect(refusals).toEqual(["USAGE_LIMIT_EXCEEDED"]);
  });
});

describe("a top-up", () => {
  test("is not asked for while a call fits into what is left, nor for a run that nothing limits", async () => {
    const never = { topUp: () => Promise.reject(new Error("asked")) };
    const fits = await open({ holdMicros: 45_000, limitMicros: 45_000 }, never);
    granted(await fits.account.reserve(30_000)).end(chargeOf("1", 10_000));
    granted(await fits.account.reserve(30_000));
    expect((await fits.account.reserve(1)).ok).toBe(false);
    expect(fits.told).toHaveLength(1);
    const unlimited = await open({ holdMicros: 5_000, limitMicros: null }, never);
    granted(await unlimited.account.reserve(900_000_000));
    expect(unlimited.told).toEqual([]);
  });

  test("that is refused tells the numbers of the payer, and of the member where one is capped", async () => {
    const { account } = await open({
      holdMicros: 10_000,
      limitMicros: 1_000_000,
      memberLimitMicros: 20_000,
      plan: "team",
    });
    const refused = await account.reserve(30_000);
    expect(refused).toMatchObject({
      ok: false,
      error: {
        code: "MEMBER_LIMIT_EXCEEDED",
        retryable: false,
        refusal: {
          status: 402,
          retryAfterMs: null,
          numbers: {
            neededMicros: 25_000,
            settledMicros: 0,
            heldMicros: 10_000,
            limitMicros: 1_000_000,
            memberSettledMicros: 0,
            memberHeldMicros: 10_000,
            memberLimitMicros: 20_000,
            plan: "team",
            resetAt: 1_800_000_000_000,
          },
        },
      },
    });
    granted(await account.reserve(5_000));
  });

  test("that is not answered refuses the call and lends its money to the next", async () => {
    const claims = createPostgresClaimStore(database.sql);
    let isAway = true;
    const { account, told, lost } = await open(
      { holdMicros: 25_000, limitMicros: 100_000, maxCostMicros: 60_000 },
      {
        topUp: (request) => (isAway ? Promise.reject(new Error("CONNECTION_CLOSED")) : claims.topUp(request)),
      },
    );
    expect(await account.reserve(50_000)).toMatchObject({
      ok: false,
      error: {
        code: "ADMISSION_UNAVAILABLE",
        retryable: true,
        refusal: { status: 503, retryAfterMs: 1_000 },
      },
    });
    expect(told).toHaveLength(1);
    isAway = false;
    // Had the first stayed promised, the run's own bound would refuse this one.
    granted(await account.reserve(55_000));
    expect(lost()).toBe(0);
  });

  test("of a run whose slot is gone refuses the call and says so", async () => {
    const { claim, account, lost } = await open({ holdMicros: 5_000, limitMicros: 100_000 });
    await database.sql`DELETE FROM slots WHERE run_id = ${claim.runId}`;
    expect(await account.reserve(1_000)).toMatchObject({ ok: false, error: { code: "CANCELLED" } });
    expect(lost()).toBe(1);
  });
});

describe("a run's own bound", () => {
  test("counts the base charge, what was spent and what is promised, and names the numbers", async () => {
    const { account } = await open({ holdMicros: 35_000, limitMicros: null, maxCostMicros: 35_000 });
    granted(await account.reserve(20_000)).end(chargeOf("1", 12_500));
    granted(await account.reserve(10_000));
    expect(await account.reserve(7_501)).toEqual({
      ok: false,
      error: {
        code: "RUN_COST_LIMIT",
        message: "This call may cost up to $0.007501, and $0.0075 is left of the run's own limit of $0.035.",
        retryable: false,
      },
    });
    granted(await account.reserve(7_500));
  });

  test("stands while top-ups are on their way", async () => {
    const { account } = await open({ holdMicros: 5_000, limitMicros: 1_000_000, maxCostMicros: 45_000 });
    const asked = await Promise.all([1, 2, 3, 4].map(() => account.reserve(15_000)));
    expect(asked.filter(({ ok }) => ok)).toHaveLength(2);
  });
});

test("a charge that could not be written is told, and does not stop the run", async () => {
  const { account, told } = await open(
    { holdMicros: 50_000, limitMicros: 100_000 },
    { settleCall: () => Promise.reject(new Error("CONNECTION_CLOSED")) },
  );
  granted(await account.reserve(20_000)).end(chargeOf("1", 5_000));
  await account.written();
  expect(told.map(String)).toEqual(["Error: CONNECTION_CLOSED"]);
  granted(await account.reserve(40_000));
});

test("a call that cost more than its bound is told", async () => {
  const { account, told } = await open({ holdMicros: 50_000, limitMicros: 100_000 });
  granted(await account.reserve(1_000)).end(chargeOf("1", 1_001));
  expect(told.map(String)).toEqual(["Error: A call that was bounded by 1000 cost 1001."]);
  await account.written();
});
