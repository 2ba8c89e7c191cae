import { expect, test } from "vitest";
import { parseDirectives } from "./parse-directives.ts";

test("several directives are read, and the rest of the prompt is what the model is asked", () => {
  const { directives, rest } = parseDirectives("[[error 429 retry-after=0.5 echo-key]] Hello [[pace 2]] you");
  expect(directives.error).toEqual({ status: 429, type: null, retryAfterSeconds: 0.5, echoKey: true });
  expect(directives.paceMs).toBe(2);
  expect(rest).toBe("Hello  you");
});

test("brackets that are no directive stay in the prompt", () => {
  const { directives, rest } = parseDirectives("see [[my note]] and [[ ]] and [[unknown 1]]");
  expect(rest).toBe("see [[my note]] and [[ ]] and [[unknown 1]]");
  expect(directives.fault).toBeNull();
});

test.each([
  ["[[cut]]", { kind: "cut", place: "half" }],
  ["[[cut end]]", { kind: "cut", place: "end" }],
  ["[[truncate final]]", { kind: "truncate", place: "final" }],
  ["[[stall]]", { kind: "stall", place: "opening" }],
  ["[[stall half]]", { kind: "stall", place: "half" }],
])("%s names its fault and its place", (prompt, fault) => {
  expect(parseDirectives(prompt).directives.fault).toEqual(fault);
});

test("[[tool]] without a name means every tool, and no directive means none", () => {
  expect(parseDirectives("[[tool]]").directives.callTools).toEqual([]);
  expect(parseDirectives("[[tool a b]]").directives.callTools).toEqual(["a", "b"]);
  expect(parseDirectives("tool").directives.callTools).toBeNull();
});

test("counts that are left out of [[usage]] stay those of the answer", () => {
  expect(parseDirectives("[[usage output=5]]").directives.usage).toEqual({
    input: null,
    output: 5,
    reasoning: null,
  });
});

test("[[say]] keeps JSON with its brackets", () => {
  expect(parseDirectives('[[say {"tags":["a","b"]}]]').directives.say).toBe('{"tags":["a","b"]}');
});
