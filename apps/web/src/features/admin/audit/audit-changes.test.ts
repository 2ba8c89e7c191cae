import { expect, test } from "vitest";
import { auditChanges } from "./audit-changes.ts";

test("what changed is told with its unit, what stayed the same is left out", () => {
  const before = { usageLimitMicros: null, syncRunsPerMinute: 50, concurrentRunsMax: 10 };
  const after = { usageLimitMicros: 12_500_000, syncRunsPerMinute: 1_500, concurrentRunsMax: 10 };
  expect(auditChanges({ before, after })).toEqual([
    { label: "Usage limit", before: "none", after: "$12.50" },
    { label: "Synchronous runs per minute", before: "50", after: "1,500" },
  ]);
});

test("a ban tells its reason and its end, a lifted one its reason and when it ended instead", () => {
  const reason = "card_testing";
  expect(auditChanges({ before: null, after: { reason, endsAt: null } })).toEqual([
    { label: "Reason", before: null, after: "card testing" },
    { label: "Ends", before: null, after: "never" },
  ]);
  const lifted = auditChanges({
    before: { reason, endsAt: null },
    after: { reason, endsAt: 1_700_000_000_000 },
  });
  expect(lifted.map(({ label, before }) => [label, before])).toEqual([
    ["Reason", null],
    ["Ends", "never"],
  ]);
});

test("a plan is told by name and seats, and none is free", () => {
  const subscription = { plan: "team", seats: 3, periodStart: "2026-03-04T12:00:00.000Z", periodEnd: "" };
  expect(auditChanges({ before: { subscriptions: [] }, after: { subscriptions: [subscription] } })).toEqual([
    { label: "Plan", before: "free", after: "team, 3 seats from Mar 4, 2026" },
  ]);
});

test("a member's cap names the member", () => {
  const member = "ada@example.com";
  expect(auditChanges({ before: { member, capMicros: 5_000 }, after: { member, capMicros: null } })).toEqual([
    { label: "Member", before: null, after: member },
    { label: "Cap", before: "$0.005", after: "none" },
  ]);
});

test("where nothing is left, what was is told", () => {
  expect(auditChanges({ before: { holder: "host:1", ageMs: 90_000 }, after: null })).toEqual([
    { label: "Holder", before: null, after: "host:1" },
    { label: "Age", before: null, after: "1 min 30 s" },
  ]);
});

test("what a later version wrote, or nobody can read, is still shown", () => {
  expect(auditChanges({ before: null, after: null })).toEqual([]);
  expect(auditChanges({ before: null, after: { colour: ["red"], flag: true } })).toEqual([
    { label: "colour", before: null, after: '["red"]' },
    { label: "flag", before: null, after: "true" },
  ]);
  expect(auditChanges({ before: { subscriptions: 7 }, after: { subscriptions: [null] } })).toHaveLength(1);
});
