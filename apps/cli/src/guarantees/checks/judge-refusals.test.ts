import { expect, test } from "vitest";
import { broken, completed, refused, times } from "../testing.ts";
import { judgeRefusals, type RefusalHistory, type Turn } from "./judge-refusals.ts";

const turn: Turn = {
  admitted: { answer: completed("r"), ms: 4, roundTrips: 3 },
  byFacts: { answer: refused(402, "USAGE_LIMIT_EXCEEDED"), ms: 1, roundTrips: 1 },
  byClaim: { answer: refused(429, "CONCURRENCY_LIMIT"), ms: 2, roundTrips: 2 },
};
const cheap: RefusalHistory = {
  turns: times(9, () => turn),
  readOnly: { byFacts: [turn.byFacts.answer], byClaim: [turn.byClaim.answer], recorded: 0 },
  refused: 20,
  recorded: 20,
};
const brokenBy = (change: Partial<RefusalHistory>) => broken(judgeRefusals({ ...cheap, ...change }));

test("cheaper, unwritten and recorded: it holds", () => {
  expect(brokenBy({})).toEqual([]);
});

test("a heartbeat that falls into a few refusals does not make them dear", () => {
  const disturbed: Turn = { ...turn, byFacts: { ...turn.byFacts, ms: 50, roundTrips: 9 } };
  expect(brokenBy({ turns: [...cheap.turns, disturbed, disturbed] })).toEqual([]);
});

test("a refusal that takes as long as an admission, or as many round trips, is too dear", () => {
  for (const dear of [{ ms: 4 }, { roundTrips: 3 }]) {
    const turns = times(9, (): Turn => ({ ...turn, byFacts: { ...turn.byFacts, ...dear } }));
    expect(brokenBy({ turns })).toEqual(["a refusal by the facts"]);
  }
});

test("a refusal that has to write is found out", () => {
  const readOnly = { ...cheap.readOnly, byClaim: [refused(503, "ADMISSION_UNAVAILABLE")] };
  expect(brokenBy({ readOnly })).toEqual(["refusals while nothing can be written"]);
});

test("where something could be written, or nothing was asked, nothing was shown", () => {
  const what = ["refusals while nothing can be written"];
  expect(brokenBy({ readOnly: { ...cheap.readOnly, recorded: 1 } })).toEqual(what);
  expect(brokenBy({ readOnly: { ...cheap.readOnly, byFacts: [] } })).toEqual(what);
  expect(brokenBy({ readOnly: { ...cheap.readOnly, byClaim: [] } })).toEqual(what);
  expect(brokenBy({ turns: [] })).toEqual(["a refusal by the facts", "a refusal by the claim"]);
});

test("one that is not recorded is missed", () => {
  expect(brokenBy({ recorded: 19 })).toEqual(["refused runs are recorded afterwards"]);
});
