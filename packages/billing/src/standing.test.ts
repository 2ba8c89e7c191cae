import { describe, expect, test } from "vitest";
import { currentPeriod } from "./period.ts";
import { type StandingText, standingOf } from "./standing.ts";

const now = Date.UTC(2026, 4, 20, 12);
const me = "user-1";

function row(fields: {
  plan: string;
  owner?: string;
  id?: string;
  seats?: number;
  start?: string;
  end?: string;
  created?: string;
}) {
  const { plan, owner = me, id = "s1", seats = 1 } = fields;
  const {
    start = "2026-05-10 00:00:00+00",
    end = "2026-06-10 00:00:00+00",
    created = "2026-01-01 00:00:00+00",
  } = fields;
  return [plan, seats, owner, start, end, created, id].join("|");
}

function standing(text: Partial<StandingText>) {
  return standingOf({ ownerId: me, subscriptions: "", usage: "", memberCap: null, ...text }, now);
}

describe("which subscription counts", () => {
  test("none is the free plan in the calendar month", () => {
    expect(standing({})).toMatchObject({
      subscription: null,
      period: { start: "2026-05-01T00:00:00.000Z", endAt: Date.UTC(2026, 5, 1) },
      settledMicros: 0,
      memberCap: null,
    });
  });

  test("the highest tier, wherever it comes from", () => {
    const subscriptions = [
      row({ plan: "pro" }),
      row({ plan: "enterprise", id: "s2" }),
      row({ plan: "team", owner: "org" }),
    ];
    for (const order of [subscriptions, subscriptions.toReversed()]) {
      expect(standing({ subscriptions: order.join(",") }).subscription).toEqual({
        plan: "enterprise",
        seats: 1,
        source: "own",
        own: null,
      });
    }
  });

  test("within a tier the organization's beats the payer's own", () => {
    const subscriptions = [
      row({ plan: "team", seats: 3 }),
      row({ plan: "team", owner: "org", seats: 9, id: "s2" }),
    ];
    for (const order of [subscriptions, subscriptions.toReversed()]) {
      expect(standing({ subscriptions: order.join(",") }).subscription).toMatchObject({
        source: "organization",
        seats: 9,
        own: { plan: "team", seats: 3 },
      });
    }
  });

  test("ties resolve the same way whatever the order: the older, then the lower id", () => {
    const older = row({ plan: "pro", seats: 1, id: "z", created: "2025-12-31 00:00:00+00" });
    const lower = row({ plan: "pro", seats: 2, id: "a" });
    const higher = row({ plan: "pro", seats: 3, id: "b" });
    const seats = (...rows: string[]) => standing({ subscriptions: rows.join(",") }).subscription?.seats;
    expect([seats(lower, older), seats(older, lower)]).toEqual([1, 1]);
    expect([seats(lower, higher), seats(higher, lower)]).toEqual([2, 2]);
  });

  test("a plan taken from an organization does not bring its period along", () => {
    const text = { subscriptions: row({ plan: "team", owner: "org" }) };
    expect(standing(text).period.start).toBe("2026-05-01T00:00:00.000Z");
  });

  test("a payer's own subscription keeps its period whatever organizations its user joins or leaves", () => {
    const own = row({ plan: "pro" });
    const usage = "2026-05-10 00:00:00+00|11,2026-05-01 00:00:00+00|13";
    const alone = standing({ subscriptions: own, usage });
    const joined = standing({ subscriptions: [own, row({ plan: "team", owner: "org" })].join(","), usage });
    expect(joined.subscription).toMatchObject({ plan: "team", own: { plan: "pro", seats: 1 } });
    expect([joined.period, joined.settledMicros]).toEqual([alone.period, alone.settledMicros]);
    expect(alone.settledMicros).toBe(11);
  });

  test("of several own ones the highest gives the period", () => {
    const subscriptions = [
      row({ plan: "pro", start: "2026-05-03 00:00:00+00" }),
      row({ plan: "team", id: "s2", start: "2026-05-07 00:00:00+00" }),
    ].join(",");
    expect(standing({ subscriptions }).period.start).toBe("2026-05-07T00:00:00.000Z");
  });

  test("a row that cannot be read is an error, never the free plan", () => {
    expect(() => standing({ subscriptions: "gold|1|x|y|z|u|v" })).toThrow("cannot be read");
    expect(() => standing({ subscriptions: "pro|1" })).toThrow("cannot be read");
  });
});

describe("what is settled", () => {
  const usage = "2026-04-10 00:00:00+00|7,2026-05-10 00:00:00+00|11,2026-05-01 00:00:00+00|13";

  test("is that of the current period only", () => {
    expect(standing({ usage }).settledMicros).toBe(13);
    expect(standing({ usage, subscriptions: row({ plan: "pro" }) }).settledMicros).toBe(11);
  });

  test("a member's cap comes with the member's own usage", () => {
    expect(standing({ memberCap: `500;${usage}` }).memberCap).toEqual({
      limitMicros: 500,
      settledMicros: 13,
    });
    expect(standing({ memberCap: "500;" }).memberCap).toEqual({ limitMicros: 500, settledMicros: 0 });
  });
});

describe("the period", () => {
  const iso = (at: number) => new Date(at).toISOString().slice(0, 10);
  const at = (start: string, end: string, when: string) => {
    const period = currentPeriod({ periodStart: start, periodEnd: end }, Date.parse(when));
    return [iso(period.startAt), iso(period.endAt)];
  };

  test("goes on in whole periods while a renewal is late", () => {
    expect(at("2026-01-15T00:00:00Z", "2026-02-15T00:00:00Z", "2026-05-14T23:59:59Z")).toEqual([
      "2026-04-15",
      "2026-05-15",
    ]);
    expect(at("2026-01-15T00:00:00Z", "2026-02-15T00:00:00Z", "2026-05-15T00:00:00Z")).toEqual([
      "2026-05-15",
      "2026-06-15",
    ]);
    expect(at("2024-03-01T00:00:00Z", "2025-03-01T00:00:00Z", "2026-05-20T00:00:00Z")).toEqual([
      "2026-03-01",
      "2027-03-01",
    ]);
  });

  test("that began on the 31st ends on the last day of shorter months and comes back to the 31st", () => {
    const january31 = ["2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z"] as const;
    expect(at(...january31, "2026-02-28T00:00:00Z")).toEqual(["2026-02-28", "2026-03-31"]);
    expect(at(...january31, "2026-03-31T00:00:00Z")).toEqual(["2026-03-31", "2026-04-30"]);
  });

  test("of every instant holds that instant", () => {
    const start = Date.UTC(2025, 0, 31, 7, 30);
    for (let when = start; when < start + 900 * 86_400_000; when += 7_777_777) {
      const period = currentPeriod(
        { periodStart: "2025-01-31T07:30:00Z", periodEnd: "2025-02-28T07:30:00Z" },
        when,
      );
      expect(period.startAt).toBeLessThanOrEqual(when);
      expect(period.endAt).toBeGreaterThan(when);
    }
  });
});
