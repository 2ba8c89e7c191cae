import { expect, test } from "vitest";
import type { Answer } from "../calls/answer.ts";
import { broken, charged, completed, refused, times } from "../testing.ts";
import { judgeOutage, type OutageHistory, type TimedAnswer } from "./judge-outage.ts";

const unavailable = refused(503, "ADMISSION_UNAVAILABLE");
const at = (process: number, sentAt: number, answer: Answer): TimedAnswer => ({
  ...answer,
  process,
  sentAt,
  answeredAt: sentAt + 5,
});
const during = "PostgreSQL is away for 3.0 s: answers meanwhile";

const recovered: OutageHistory = {
  store: "PostgreSQL",
  cutAt: 1_000,
  restoredAt: 4_000,
  answers: [
    at(0, 900, completed("before")),
    at(0, 1_100, unavailable),
    at(1, 2_000, unavailable),
    at(0, 4_400, completed("first")),
    at(1, 4_500, completed("second")),
  ],
  overlapped: times(2, (i) => completed(`o${i}`)),
  charges: ["before", "first", "second"].map((runId) => charged(runId, { callEntries: 0 })),
  overlappedCharges: times(2, (i) => charged(`o${i}`)),
};
const brokenBy = (change: Partial<OutageHistory>) => broken(judgeOutage({ ...recovered, ...change }));
const alsoAnswered = (answer: Answer) => ({ answers: [...recovered.answers, at(1, 3_000, answer)] });

test("everything recovered: it holds", () => {
  expect(brokenBy({})).toEqual([]);
});

test.each([
  ["a customer's fault", refused(402, "USAGE_LIMIT_EXCEEDED")],
  ["nobody known", refused(401, "UNAUTHENTICATED")],
  ["no Retry-After", refused(503, "ADMISSION_UNAVAILABLE", false)],
  ["another 503", refused(503, "UNAVAILABLE")],
])("during the outage: %s", (_, answer) => {
  expect(brokenBy(alsoAnswered(answer))).toEqual([during]);
});

test("an outage that nobody noticed shows nothing", () => {
  const answers = recovered.answers.filter(({ status }) => status !== 503);
  expect(brokenBy({ answers })).toEqual([during]);
});

test("a run that was refused and is there all the same has spent something", () => {
  const spent = charged("refused", {
    status: "lost",
    baseEntries: 0,
    callEntries: 0,
    costMicros: 0,
    ledgerMicros: 0,
  });
  expect(brokenBy({ charges: [...recovered.charges, spent] })).toEqual(["spent by what was refused"]);
});

test("a run that was in progress must end, charged once", () => {
  const what = "runs in progress all through it";
  expect(brokenBy({ overlapped: [completed("o0"), unavailable] })).toEqual([what]);
  expect(brokenBy({ overlappedCharges: [charged("o0"), charged("o1", { baseEntries: 0 })] })).toEqual([what]);
  expect(brokenBy({ overlapped: [], overlappedCharges: [] })).toEqual([what]);
});

test("one process that comes back late, or never, is late", () => {
  const what = "runs are admitted again, by both processes";
  const answers = recovered.answers.filter(({ process, sentAt }) => process === 0 || sentAt < 4_000);
  const charges = recovered.charges.slice(0, 2);
  expect(brokenBy({ answers, charges })).toEqual([what]);
  const late = [...answers, at(1, 6_000, completed("second"))];
  expect(brokenBy({ answers: late })).toEqual([what]);
});
