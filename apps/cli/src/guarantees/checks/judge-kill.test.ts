import { expect, test } from "vitest";
import { broken, charged, completed, refused, times } from "../testing.ts";
import { judgeKill, type KillHistory } from "./judge-kill.ts";

const lost = (runId: string) =>
  charged(runId, { status: "lost", baseEntries: 0, costMicros: 1_000, ledgerMicros: 1_000 });

const healed: KillHistory = {
  healingMs: 24_000,
  interrupted: times(2, (i) => ({ runId: `lost${i}`, status: "lost" })),
  leaked: { slots: 0, heldMicros: 0 },
  again: times(2, (i) => completed(`again${i}`)),
  served: times(5, (i) => completed(`served${i}`)),
  told: [...times(5, (i) => completed(`served${i}`)), ...times(2, (i) => completed(`again${i}`))],
  charges: [
    lost("lost0"),
    lost("lost1"),
    ...times(5, (i) => charged(`served${i}`)),
    ...times(2, (i) => charged(`again${i}`)),
  ],
  callsOf: () => 1,
  ledgerDifferences: 0,
};
const brokenBy = (change: Partial<KillHistory>) => broken(judgeKill({ ...healed, ...change }));
const alsoCharged = (run: ReturnType<typeof charged>) => ({ charges: [...healed.charges, run] });

test("everything healed: it holds", () => {
  expect(brokenBy({})).toEqual([]);
});

test.each([
  ["its slots are free again", { healingMs: 30_001 }],
  [
    "its runs in progress are seen as lost",
    {
      interrupted: [
        { runId: "lost0", status: "lost" },
        { runId: "lost1", status: "running" },
      ],
    },
  ],
  ["leaked slots and holds", { leaked: { slots: 1, heldMicros: 0 } }],
  ["leaked slots and holds", { leaked: { slots: 0, heldMicros: 5_000 } }],
  ["leaked slots and holds", { again: [completed("again0"), refused(429, "CONCURRENCY_LIMIT")] }],
  ["the other process went on serving", { served: [] }],
  [
    "the other process went on serving",
    { served: [completed("served0"), refused(503, "ADMISSION_UNAVAILABLE")] },
  ],
  ["charges", { ledgerDifferences: 1 }],
  ["charges", alsoCharged(charged("x", { callEntries: 2 }))],
  ["charges", alsoCharged(charged("x", { baseEntries: 0 }))],
  ["charges", alsoCharged(charged("x", { ledgerMicros: 5_999 }))],
  ["charges", alsoCharged(charged("x", { status: "lost" }))],
  ["results that a caller was given are kept", { told: [completed("unknown")] }],
  ["results that a caller was given are kept", { told: [] }],
] as const)("%s: not with %j", (guarantee, change) => {
  expect(brokenBy(change)).toEqual([guarantee]);
});

test("what a lost run had spent must stay charged", () => {
  const charges = healed.charges.map((run) =>
    run.runId === "lost0" ? { ...run, callEntries: 0, costMicros: 0, ledgerMicros: 0 } : run,
  );
  expect(brokenBy({ charges })).toEqual(["what they had spent stays charged"]);
});

test("a kill that met no run in progress shows nothing", () => {
  expect(brokenBy({ interrupted: [], again: [] })).toContain("its runs in progress are seen as lost");
});
