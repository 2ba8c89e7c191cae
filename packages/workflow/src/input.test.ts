import { describe, expect, test } from "vitest";
import type { StartInput } from "./definition.ts";
import { parseInput } from "./input.ts";
import { planOf, start, workflow } from "./testing/sample.ts";

const inputs: StartInput[] = [
  { name: "topic", type: "string", required: true },
  { name: "count", type: "number", required: true, default: 3 },
  { name: "loud", type: "boolean", required: false },
  { name: "extra", type: "json", required: false },
];
const plan = planOf(workflow([start(...inputs)], []));

describe("a run's input", () => {
  test("what was left out is its default, or else null", () => {
    expect(parseInput(plan, { topic: "tea" })).toEqual({
      ok: true,
      input: { topic: "tea", count: 3, loud: null, extra: null },
    });
  });

  test("given values win over defaults, and false, 0 and empty text count as given", () => {
    expect(parseInput(plan, { topic: "", count: 0, loud: false, extra: [1, { a: null }] })).toEqual({
      ok: true,
      input: { topic: "", count: 0, loud: false, extra: [1, { a: null }] },
    });
  });

  test("everything that is wrong is said at once, each with its path", () => {
    expect(parseInput(plan, { count: "3", loud: null, toppic: "tea" })).toEqual({
      ok: false,
      problems: [
        {
          path: ["toppic"],
          message:
            '"toppic" is not an input of this workflow, which takes "topic", "count", "loud" and "extra".',
        },
        { path: ["topic"], message: "topic is required." },
        { path: ["count"], message: "count must be a number, not a string." },
        { path: ["loud"], message: "loud must be true or false, not null." },
      ],
    });
  });

  test.each([[null], [[]], ["text"], [1], [new Date(0)]])("%j is not an object of inputs", (input) => {
    const parsed = parseInput(plan, input);
    expect(parsed).toMatchObject({ ok: false, problems: [{ path: [] }] });
  });

  test("no input at all is an empty one", () => {
    expect(parseInput(planOf(workflow([start()], [])), undefined)).toEqual({ ok: true, input: {} });
  });

  test("a workflow without inputs says so", () => {
    expect(parseInput(planOf(workflow([start()], [])), { a: 1 })).toEqual({
      ok: false,
      problems: [{ path: ["a"], message: '"a" is not an input: this workflow takes none.' }],
    });
  });

  test("what JSON cannot carry is refused where it stands", () => {
    expect(parseInput(plan, { topic: "tea", extra: { at: [new Date(0)] }, count: Number.NaN })).toEqual({
      ok: false,
      problems: [
        { path: ["extra", "at", 0], message: "extra.at[0] must be JSON data, not a Date." },
        { path: ["count"], message: "count must be a finite number." },
      ],
    });
  });

  test("nesting without end is refused, not followed", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
    expect(parseInput(plan, { topic: "tea", extra: deep })).toMatchObject({ ok: false });
  });

  test("inputs called like what objects inherit are inputs like any other", () => {
    const odd = planOf(workflow([start({ name: "constructor", type: "string", required: true })], []));
    expect(parseInput(odd, {})).toMatchObject({ ok: false, problems: [{ path: ["constructor"] }] });
    expect(parseInput(odd, { constructor: "x" })).toEqual({ ok: true, input: { constructor: "x" } });
  });

  test("the key __proto__ is refused, and reaches no prototype", () => {
    const input: unknown = JSON.parse('{"topic":"tea","__proto__":{"count":5},"extra":{"__proto__":{}}}');
    expect(parseInput(plan, input)).toMatchObject({
      ok: false,
      problems: [{ path: ["__proto__"] }, { path: ["extra", "__proto__"] }],
    });
  });

  test("the result is a copy: changing what was sent does not change it", () => {
    const sent = { topic: "tea", extra: { a: 1 } };
    const parsed = parseInput(plan, sent);
    sent.extra.a = 2;
    expect(parsed.ok && parsed.input["extra"]).toEqual({ a: 1 });
  });
});
