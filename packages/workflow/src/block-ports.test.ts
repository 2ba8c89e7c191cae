import { expect, test } from "vitest";
import { handlesOf, outputKeysOf } from "./block-ports.ts";
import { definitionJsonSchema } from "./definition-json-schema.ts";
import { agent, code, condition, http, response, start } from "./testing/sample.ts";

test("each block offers its handles in the order of the editor", () => {
  expect(handlesOf(start())).toEqual(["out"]);
  expect(handlesOf(agent("a", "A", "x"))).toEqual(["out", "error"]);
  expect(handlesOf(code("a", "A"))).toEqual(["out", "error"]);
  expect(handlesOf(http("a", "A"))).toEqual(["out", "error"]);
  expect(handlesOf(condition("a", "A", "x", "y"))).toEqual(["branch:x", "branch:y", "else", "error"]);
  expect(handlesOf(response(null))).toEqual([]);
});

test("a start block's output has a key for each input", () => {
  expect(outputKeysOf(start({ name: "topic", type: "string", required: true }))).toEqual(["topic"]);
});

test("the definition has a JSON schema", () => {
  expect(definitionJsonSchema()).toMatchObject({
    type: "object",
    required: ["schemaVersion", "blocks", "edges", "variables"],
  });
});
