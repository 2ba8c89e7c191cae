import { describe, expect, test } from "vitest";
import { findBlock, parseDraft, toText, withField } from "./draft-text.ts";

const definition = {
  schemaVersion: 1,
  blocks: [
    { id: "a", name: "A" },
    { id: "b", name: "B", system: "x" },
  ],
  edges: [],
};

describe("editing a draft as text", () => {
  test("text that is not JSON is one problem, with the reason", () => {
    const parsed = parseDraft("{");
    expect(parsed).toMatchObject({ ok: false, problem: { code: "INVALID_SHAPE" } });
  });

  test("a field is replaced in its block alone", () => {
    expect(withField(definition, "a", "name", "Z")).toEqual({
      ...definition,
      blocks: [
        { id: "a", name: "Z" },
        { id: "b", name: "B", system: "x" },
      ],
    });
  });

  test("an emptied optional field is taken away", () => {
    expect(withField(definition, "b", "system", undefined)).toEqual({
      ...definition,
      blocks: [
        { id: "a", name: "A" },
        { id: "b", name: "B" },
      ],
    });
  });

  test("a definition without blocks stays as it is", () => {
    expect(withField({ blocks: 3 }, "a", "name", "Z")).toEqual({ blocks: 3 });
  });

  test("a block is found by its id, whatever characters the id holds", () => {
    const text = toText(definition);
    expect(text.slice(findBlock(text, "b") ?? 0)).toMatch(/^"id": "b"/);
    expect(findBlock(text, "a.*(")).toBeNull();
  });
});
