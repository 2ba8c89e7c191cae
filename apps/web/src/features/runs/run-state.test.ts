import { describe, expect, test } from "vitest";
import type { Decision, StreamEvent, Timings } from "../../api/types.ts";
import { applyEvents, decidingRun, isOver } from "./run-state.ts";
import { wholeText } from "./text-log.ts";

const decision: Decision = [{ gate: "principal", verdict: "pass", numbers: {} }];
const timings: Timings = {
  factsMs: 1,
  gatesMs: 0.1,
  claimMs: 1,
  definitionMs: 0.1,
  definition: "hit",
  totalMs: 2.2,
};
const admitted: StreamEvent = {
  type: "admitted",
  runId: "r1",
  seq: 0,
  decision,
  timings,
  version: null,
};
const runStarted: StreamEvent = { type: "run.started", seq: 1, at: 1_000 };
const blockStarted: StreamEvent = {
  type: "block.started",
  seq: 2,
  at: 1_001,
  blockId: "a",
  name: "Writer",
  blockType: "agent",
  input: { prompt: "hi" },
};
const chunk = (seq: number, text: string): StreamEvent => ({
  type: "text.chunk",
  seq,
  at: 1_002,
  blockId: "a",
  text,
});
const blockCompleted = (seq: number): StreamEvent => ({
  type: "block.completed",
  seq,
  at: 1_100,
  blockId: "a",
  output: { text: "hello" },
  durationMs: 99,
  costMicros: 120,
  charges: [],
});
const runCompleted = (seq: number): StreamEvent => ({
  type: "run.completed",
  seq,
  at: 1_101,
  output: "hello",
  durationMs: 101,
});
const settled = (
  seq: number,
  status: "completed" | "failed" | "cancelled" | "lost" = "completed",
): StreamEvent => ({
  type: "settled",
  seq,
  status,
  costMicros: 5_120,
  endedAt: 1_102,
});

const whole = [
  admitted,
  runStarted,
  blockStarted,
  chunk(3, "hel"),
  chunk(4, "lo"),
  blockCompleted(5),
  runCompleted(6),
  settled(7),
];

describe("a run that goes well", () => {
  test("ends completed with its output, its blocks, its text and its cost", () => {
    const run = applyEvents(decidingRun, whole);
    expect(run).toMatchObject({
      phase: "completed",
      runId: "r1",
      output: { value: "hello" },
      costMicros: 5_120,
      durationMs: 101,
      missed: 0,
    });
    const block = run.blocks.get("a");
    expect(block).toMatchObject({
      status: "completed",
      output: { text: "hello" },
      durationMs: 99,
      costMicros: 120,
    });
    expect(wholeText(block?.text ?? { pages: [], tail: "" })).toBe("hello");
  });

  test("is the same whether events come one by one or in one batch", () => {
    const oneByOne = whole.reduce((state, event) => applyEvents(state, [event]), decidingRun);
    expect(oneByOne).toEqual(applyEvents(decidingRun, whole));
  });
});

describe("reconnecting", () => {
  test("events that come again change nothing, not even the object", () => {
    const run = applyEvents(decidingRun, whole.slice(0, 5));
    expect(applyEvents(run, whole.slice(0, 5))).toBe(run);
  });

  test("a replay that overlaps adds only what is new", () => {
    const before = applyEvents(decidingRun, whole.slice(0, 4));
    const run = applyEvents(before, whole.slice(2));
    expect(run).toEqual(applyEvents(decidingRun, whole));
  });

  test("events that never arrive are counted, and the run still ends", () => {
    const run = applyEvents(decidingRun, [admitted, runStarted, chunk(4, "lo"), runCompleted(6), settled(7)]);
    expect(run).toMatchObject({ phase: "completed", missed: 3 });
    expect(run.blocks.size).toBe(0);
  });
});

describe("runs that do not complete", () => {
  test("a refusal keeps its decision, its numbers and the run's id", () => {
    const refusal = {
      code: "RATE_LIMITED",
      status: 429,
      message: "Too fast.",
      numbers: { remaining: 0 },
      retryable: true,
      retryAfterMs: 900,
    } as const;
    const run = applyEvents(decidingRun, [
      { type: "refused", runId: "r2", seq: 0, decision, timings, refusal },
    ]);
    expect(run).toMatchObject({ phase: "refused", runId: "r2", refusal, decision });
    expect(isOver(run.phase)).toBe(true);
  });

  test("a failed run keeps its error and stops blocks that were still running", () => {
    const error = { code: "PROVIDER_FAILED", message: "The model answered 529.", blockId: "b" } as const;
    const run = applyEvents(decidingRun, [
      admitted,
      runStarted,
      blockStarted,
      { type: "run.failed", seq: 3, at: 1_003, error, durationMs: 2 },
      settled(4, "failed"),
    ]);
    expect(run).toMatchObject({ phase: "failed", error });
    expect(run.blocks.get("a")?.status).toBe("cancelled");
  });

  test("a handled block failure does not end the run", () => {
    const run = applyEvents(decidingRun, [
      admitted,
      runStarted,
      blockStarted,
      {
        type: "block.failed",
        seq: 3,
        at: 1_003,
        blockId: "a",
        error: { code: "PROVIDER_FAILED", message: "busy", retryable: true },
        handled: true,
        durationMs: 5,
        costMicros: 0,
        charges: [],
      },
    ]);
    expect(run.phase).toBe("running");
    expect(run.blocks.get("a")).toMatchObject({ status: "failed", handled: true });
  });

  test.each(["cancelled", "lost"] as const)("a run that settles as %s is over", (status) => {
    const run = applyEvents(decidingRun, [admitted, runStarted, blockStarted, settled(3, status)]);
    expect(run.phase).toBe(status);
    expect(run.blocks.get("a")?.status).toBe("cancelled");
  });
});

test("a long stream is kept in pages: no page is rewritten once it is full", () => {
  const chunks = Array.from({ length: 4_000 }, (_, index) => chunk(3 + index, "0123456789"));
  const run = applyEvents(decidingRun, [admitted, runStarted, blockStarted, ...chunks]);
  const pagesBefore = run.blocks.get("a")?.text.pages ?? [];
  const more = applyEvents(run, [chunk(4_003, "x".repeat(4_000))]);
  const pagesAfter = more.blocks.get("a")?.text.pages ?? [];
  expect(pagesBefore).toHaveLength(10);
  expect(pagesAfter.slice(0, 10).every((page, index) => page === pagesBefore[index])).toBe(true);
  expect(wholeText(more.blocks.get("a")?.text ?? { pages: [], tail: "" })).toHaveLength(44_000);
});
