import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeText, parseTemplate, referenceScope } from "./references.ts";

const blockIds = new Map([
  ["Agent", "a1"],
  ["Read page", "r1"],
  ["b", "b1"],
]);
const scope = referenceScope(blockIds, new Set(["region", "limits"]));

function parse(text: string) {
  return parseTemplate(text, scope);
}

function faultOf(text: string) {
  const [fault, ...others] = parse(text).faults;
  expect(others).toEqual([]);
  return fault;
}

describe("references", () => {
  test("a block's name with a path is resolved to its id, keys and indexes", () => {
    expect(parse("See <Read page.body.items[0].title>!").template).toEqual([
      "See ",
      {
        kind: "block",
        blockId: "r1",
        path: ["body", "items", 0, "title"],
        source: "<Read page.body.items[0].title>",
      },
      "!",
    ]);
  });

  test("a bare block name is the whole output", () => {
    expect(parse("<Agent>").template).toEqual([
      { kind: "block", blockId: "a1", path: [], source: "<Agent>" },
    ]);
  });

  test("keys may hold dashes, digits and letters of any script", () => {
    expect(parse("<Agent.headers.content-type><Agent.json.größe.2>").template).toMatchObject([
      { path: ["headers", "content-type"] },
      { path: ["json", "größe", "2"] },
    ]);
  });

  test("a variable is its name and what lies deeper", () => {
    expect(parse("<variable.limits.daily[1]>").template).toEqual([
      { kind: "variable", name: "limits", path: ["daily", 1], source: "<variable.limits.daily[1]>" },
    ]);
  });

  test("an environment value is found inside JSON braces", () => {
    expect(parse('{"key":{{API_KEY}}}').template).toEqual([
      '{"key":',
      { kind: "environment", name: "API_KEY", source: "{{API_KEY}}" },
      "}",
    ]);
  });

  test("references without text between them stay apart", () => {
    expect(parse("<Agent.text>{{A}}<b>").template).toHaveLength(3);
  });

  test.each([
    "a < b and c > d",
    "a <b",
    "<div>",
    "<br/>",
    "</Agent>",
    "<Agent name='x'>",
    '<a href="https://example.com/a.b">text</a>',
    "<!-- Agent.text -->",
    "<?xml version='1.0'?>",
    "< Agent.text >",
    "<agent>",
    "<variable>",
    "<Agent.text",
    "<T[0]>",
    "<someone@example.com>",
    "<https://example.com>",
    "{{}}",
    "{{",
    "{ {A} }",
    "{{A}",
    '{"a":{"b":{}}}',
    "C:\\dir\\n \\d+ \\\\",
    "",
  ])("%j is text, and nothing of it is lost", (text) => {
    expect(parse(text)).toEqual({ template: text === "" ? [] : [text], faults: [] });
  });

  test("HTML around references survives as it is", () => {
    expect(parse("<p class='x'><Agent.text></p>\n<ul><li>1 < 2</li></ul>").template).toEqual([
      "<p class='x'>",
      { kind: "block", blockId: "a1", path: ["text"], source: "<Agent.text>" },
      "</p>\n<ul><li>1 < 2</li></ul>",
    ]);
  });
});

describe("what is meant as a reference and is none is a fault, never text that is sent somewhere", () => {
  test("an unknown name with a key", () => {
    expect(faultOf("Hi <Agnet.text>")).toEqual({
      code: "UNKNOWN_REFERENCE",
      source: "<Agnet.text>",
      message: "<Agnet.text> names no block of this workflow. Write \\<Agnet.text> to keep it as text.",
    });
  });

  test("a name in the wrong case, with the right one suggested", () => {
    expect(faultOf("<agent.text>")?.message).toContain('Did you mean "Agent"?');
    expect(faultOf("<variable.Region>")?.message).toContain('Did you mean "region"?');
  });

  test("an unknown variable, unless the variables could not be read", () => {
    expect(faultOf("<variable.nope>")?.code).toBe("UNKNOWN_REFERENCE");
    expect(parseTemplate("<variable.nope>", referenceScope(blockIds, null)).faults).toEqual([]);
  });

  test.each([
    "<Agent.>",
    "<Agent..text>",
    "<Agent.items[x]>",
    "<Agent.some key>",
    "<variable[0]>",
    "<variable.>",
  ])("a path that cannot be read: %s", (text) => {
    expect(faultOf(text)).toMatchObject({ code: "UNKNOWN_REFERENCE", source: text });
  });

  test.each(["{{ API_KEY }}", "{{API-KEY}}", "{{1KEY}}", "{{a.b}}"])(
    "an environment name that is malformed: %s",
    (text) => {
      expect(faultOf(text)).toMatchObject({ code: "INVALID_FIELD", source: text });
    },
  );

  test("names that objects inherit are unknown like any other", () => {
    expect(faultOf("<constructor.name>")?.code).toBe("UNKNOWN_REFERENCE");
    expect(faultOf("<variable.__proto__>")?.code).toBe("UNKNOWN_REFERENCE");
  });
});

describe("escapes", () => {
  test.each([
    ["\\<Agent.text>", "<Agent.text>"],
    ["\\<Nobody.text>", "<Nobody.text>"],
    ["\\{{API_KEY}}", "{{API_KEY}}"],
    ["\\<div>", "<div>"],
    ["\\\\\\<b>", "\\<b>"],
  ])("%s is the text %s", (text, literal) => {
    expect(parse(text)).toEqual({ template: [literal], faults: [] });
  });

  test("a doubled backslash is a backslash before a live reference", () => {
    expect(parse("C:\\\\<b>").template).toEqual([
      "C:\\",
      { kind: "block", blockId: "b1", path: [], source: "<b>" },
    ]);
  });

  const piece = fc.oneof(
    fc.constantFrom(
      "<",
      ">",
      "{",
      "}",
      "{{",
      "}}",
      "\\",
      ".",
      "[0]",
      "\n",
      " ",
      "Agent",
      "b",
      "variable",
      "region",
      "A",
    ),
    fc.constantFrom("<Agent.text>", "{{KEY}}", "<b>", "<x.y>", "<Agent..x>"),
    fc.string({ maxLength: 5 }),
  );
  const anyText = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));

  test("any text at all, escaped, parses back to itself without references or faults", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(parse(escapeText(text))).toEqual({ template: text === "" ? [] : [text], faults: [] });
      }),
      { numRuns: 2_000 },
    );
  });

  test("text without '<' and '{{' parses to itself", () => {
    const plain = anyText.map((text) => text.replaceAll("<", "").replaceAll("{", ""));
    fc.assert(
      fc.property(plain, (text) => {
        expect(parse(text)).toEqual({ template: text === "" ? [] : [text], faults: [] });
      }),
    );
  });

  test("without backslashes, the pieces of a template join to exactly its text", () => {
    fc.assert(
      fc.property(anyText, (withBackslashes) => {
        const text = withBackslashes.replaceAll("\\", "");
        const { template } = parse(text);
        expect(template.map((part) => (typeof part === "string" ? part : part.source)).join("")).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("hostile text", () => {
  // With work that grows as the square of the length these would run into the test's deadline.
  test.each(["\\", "<", "{{", "<Agent.", "<a.a", "{{a", "<Agent[", "<Agent "])(
    "a long run of %j is parsed in linear time and survives",
    (unit) => {
      const text = unit.repeat(1_000_000 / unit.length);
      expect(parse(text)).toEqual({ template: [text], faults: [] });
      expect(parse(escapeText(text))).toEqual({ template: [text], faults: [] });
    },
  );
});
