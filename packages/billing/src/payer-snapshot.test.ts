import { describe, expect, test } from "vitest";
import { type PayerSnapshot, restoreSnapshot, storeSnapshot } from "./payer-snapshot.ts";

const snapshot: PayerSnapshot = {
  payerId: "payer",
  kind: "organization",
  plan: "team",
  planSource: "own",
  userId: "user",
  period: { start: "2026-05-01T00:00:00.000Z", startAt: 1_777_593_600_000, endAt: 1_780_272_000_000 },
  limits: {
    usageLimitMicros: 120_000_000,
    sync: { perMinute: 300, capacity: 600 },
    async: { perMinute: 2_500, capacity: 5_000 },
    concurrentRunsMax: 200,
  },
  memberLimitMicros: 1_000_000,
};

/** What is stored, with one value replaced; `undefined` leaves it out. */
function damaged(path: string, value: unknown): string {
  const copy = JSON.parse(storeSnapshot(snapshot));
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let at = copy;
  for (const key of keys) at = at[key];
  at[last] = value;
  return JSON.stringify(copy);
}

function problemsOf(text: string): readonly string[] {
  const restored = restoreSnapshot(text);
  if (restored.ok) throw new Error("It was restored.");
  return restored.problems;
}

describe("a payer snapshot", () => {
  test("comes back as it was stored, with and without limits", () => {
    const unlimited: PayerSnapshot = {
      ...snapshot,
      kind: "user",
      plan: "free",
      planSource: null,
      limits: { usageLimitMicros: null, sync: null, async: null, concurrentRunsMax: null },
      memberLimitMicros: null,
    };
    for (const one of [snapshot, unlimited]) {
      expect(restoreSnapshot(storeSnapshot(one))).toEqual({ ok: true, snapshot: one });
    }
  });

  test.each([
    ["payerId", ""],
    ["payerId", undefined],
    ["kind", "team"],
    ["plan", "gold"],
    ["planSource", "gift"],
    ["userId", null],
    ["period", null],
    ["period.start", "the first of May"],
    ["period.startAt", 1.5],
    ["period.endAt", "later"],
    ["limits", []],
    ["limits.usageLimitMicros", -1],
    ["limits.usageLimitMicros", undefined],
    ["limits.sync", 300],
    ["limits.sync.perMinute", 0],
    ["limits.async.capacity", "5000"],
    ["limits.concurrentRunsMax", 0.5],
    ["memberLimitMicros", "1000000"],
  ])("whose %s is %j is not restored, and the field is named", (path, value) => {
    const problems = problemsOf(damaged(path, value));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${path.replaceAll(".", "\\.")}: .`));
  });

  test("with a field that nobody knows is not restored: it was written by something else", () => {
    expect(problemsOf(damaged("limits.daily", 1))).toEqual([expect.stringMatching(/^limits: .*daily/)]);
  });

  test("that is no JSON, no object or nothing at all is not restored, and is no free plan", () => {
    expect(problemsOf("")).toEqual(["it is not JSON"]);
    expect(problemsOf("{")).toEqual(["it is not JSON"]);
    for (const text of ["null", "[]", "7"])
      expect(problemsOf(text)).toEqual([expect.stringMatching(/^it: ./)]);
    expect(problemsOf("{}").length).toBeGreaterThan(5);
  });

  test("tells every field that is wrong at once", () => {
    const text = damaged("plan", "gold").replace('"organization"', '"club"');
    expect(problemsOf(text).map((problem) => problem.split(":")[0])).toEqual(["kind", "plan"]);
  });
});
