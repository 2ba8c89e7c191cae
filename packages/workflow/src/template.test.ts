import { describe, expect, test } from "vitest";
import type { JsonValue } from "./definition.ts";
import type { Reference } from "./plan.ts";
import { parseTemplate, referenceScope } from "./references.ts";
import { followPath, type Resolve, renderText, renderTree, renderValue } from "./template.ts";

const values: Readonly<Record<string, JsonValue>> = {
  text: "a",
  number: 1.5,
  nothing: null,
  list: [1, { two: 2 }],
};
const scope = referenceScope(new Map(), new Set([...Object.keys(values), "missing"]));
const template = (text: string) => parseTemplate(text, scope).template;

const resolve: Resolve<string> = (reference) => {
  const value = reference.kind === "variable" ? values[reference.name] : undefined;
  return value === undefined ? { ok: false, failure: "not there" } : { ok: true, value };
};

function reference(path: (string | number)[]): Extract<Reference, { kind: "block" }> {
  return { kind: "block", blockId: "a", path, source: "<A...>" };
}

describe("text", () => {
  test("strings are put in as they are, every other value as its JSON text", () => {
    expect(
      renderText(template("<variable.text> <variable.number> <variable.nothing> <variable.list>"), resolve),
    ).toEqual({ ok: true, value: 'a 1.5 null [1,{"two":2}]' });
  });

  test("an empty template is empty text", () => {
    expect(renderText([], resolve)).toEqual({ ok: true, value: "" });
    expect(renderValue([], resolve)).toEqual({ ok: true, value: "" });
  });

  test("a value is not parsed again: references that it holds stay text", () => {
    const echo: Resolve<never> = () => ({ ok: true, value: "<variable.text> {{KEY}} \\<" });
    expect(renderText(template("<variable.text>"), echo)).toEqual({
      ok: true,
      value: "<variable.text> {{KEY}} \\<",
    });
  });

  test("a reference without a value fails the whole text and is named as it was written", () => {
    expect(renderText(template("x <variable.missing> {{KEY}}"), resolve)).toEqual({
      ok: false,
      reference: { kind: "variable", name: "missing", path: [], source: "<variable.missing>" },
      failure: "not there",
    });
  });
});

describe("values", () => {
  test("a template that is exactly one reference keeps its value's type", () => {
    expect(renderValue(template("<variable.list>"), resolve)).toEqual({ ok: true, value: [1, { two: 2 }] });
    expect(renderValue(template("<variable.nothing>"), resolve)).toEqual({ ok: true, value: null });
    expect(renderValue(template("<variable.number> "), resolve)).toEqual({ ok: true, value: "1.5 " });
  });

  test("a single reference without a value fails", () => {
    expect(renderValue(template("<variable.missing>"), resolve)).toMatchObject({
      ok: false,
      failure: "not there",
    });
  });

  test("a tree keeps its shape and its literals", () => {
    const rendered = renderTree(
      {
        kind: "object",
        entries: [
          ["list", { kind: "array", items: [{ kind: "template", template: template("<variable.number>") }] }],
          ["__proto__", { kind: "literal", value: true }],
        ],
      },
      resolve,
    );
    expect(rendered.ok && JSON.stringify(rendered.value)).toBe('{"list":[1.5],"__proto__":true}');
  });

  test("one failing template anywhere fails the tree", () => {
    const failing = { kind: "template", template: template("<variable.missing>") } as const;
    expect(renderTree({ kind: "array", items: [failing] }, resolve).ok).toBe(false);
    expect(renderTree({ kind: "object", entries: [["a", failing]] }, resolve).ok).toBe(false);
  });
});

describe("paths", () => {
  const root: JsonValue = { items: [{ name: "first" }], text: "abc", empty: null };

  test("keys lead into objects and indexes into arrays", () => {
    expect(followPath(root, reference(["items", 0, "name"]))).toEqual({ ok: true, value: "first" });
    expect(followPath(root, reference([]))).toEqual({ ok: true, value: root });
    expect(followPath(root, reference(["empty"]))).toEqual({ ok: true, value: null });
  });

  test.each([
    [["toString"]],
    [["constructor", "name"]],
    [["__proto__"]],
    [["items", "length"]],
    [["items", "0"]],
    [["items", 1]],
    [["text", "length"]],
    [["text", 0]],
    [["empty", "x"]],
    [[0]],
  ])("%j leads nowhere: only own properties of objects and items of arrays are values", (path) => {
    expect(followPath(root, reference(path)).ok).toBe(false);
  });

  test("the failure says what was written and which step led nowhere", () => {
    expect(followPath(root, reference(["items", 3, "name"]))).toEqual({
      ok: false,
      message: "<A...> has no value: .items is an array of 1 without [3].",
    });
  });
});
