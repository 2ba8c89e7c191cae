import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyDefinition } from "./empty-definition.ts";
import {
  agent,
  code,
  codesOf,
  condition,
  edges,
  functionTool,
  http,
  httpTool,
  mcpTool,
  response,
  start,
  workflow,
  workflowTool,
} from "./testing/sample.ts";
import { validate } from "./validate.ts";

const whole = workflow(
  [
    start({ name: "topic", type: "string", required: true }),
    http("page", "Read page", {
      url: "https://example.com/<Start.topic>",
      headers: { Authorization: "Bearer {{API_KEY}}" },
    }),
    condition("check", "Check", "ok"),
    agent("agent", "Agent", "Summarise <Read page.body.items[0]> for <variable.region>.", {
      provider: "azure-anthropic",
      attachments: ["<Read page.body.scan>", "data:image/png;base64,aGk="],
      fallbacks: [{ provider: "bedrock", model: "claude-sonnet-4-5" }],
      tools: [
        functionTool("add", { timeoutMs: 100 }),
        httpTool("look_up", {
          url: "https://example.com/<Start.topic>",
          headers: { Authorization: "Bearer {{API_KEY}}" },
        }),
        workflowTool("ask"),
        mcpTool({
          kind: "http",
          url: "https://example.com/<variable.region>",
          headers: { "X-Key": "{{API_KEY}}" },
        }),
        mcpTool({ kind: "operator", name: "files" }, "read", "list"),
      ],
    }),
    code("fallback", "Fallback", { status: "<Read page.status>", error: "<Read page.error.message>" }),
    response({ text: "<Agent.text>", also: ["<Fallback.result>"] }),
  ],
  [
    "start>page",
    "page>check",
    "page:error>fallback",
    "check:branch:ok>agent",
    "check:else>fallback",
    "agent>response",
    "fallback>response",
  ],
  { region: "EU" },
);

/** The one message of a definition that has one problem. */
function messageOf(definition: unknown): string {
  const problems = validate(definition);
  expect(problems.map((one) => one.code)).toHaveLength(1);
  return problems[0]?.message ?? "";
}

/** A start block that leads to one other. */
function alone(block: (typeof whole.blocks)[number], variables = {}) {
  return workflow([start(), block], [`start>${block.id}`], variables);
}

describe("definitions that are right", () => {
  test("one of every block has no problem", () => {
    expect(validate(whole)).toEqual([]);
  });

  test("a new workflow has no problem", () => {
    expect(validate(emptyDefinition())).toEqual([]);
  });

  test("no response block is needed, and a response needs no output", () => {
    expect(validate(workflow([start()], []))).toEqual([]);
    const { output: _, ...withoutOutput } = { ...response(null), output: null };
    expect(
      validate({ ...workflow([start()], ["start>response"]), blocks: [start(), withoutOutput] }),
    ).toEqual([]);
  });

  test("fields that are undefined count as absent", () => {
    expect(validate(alone({ ...agent("a", "A", "Hi"), system: undefined }))).toEqual([]);
  });
});

describe("identity", () => {
  test("no start and several starts", () => {
    expect(codesOf(workflow([], []))).toEqual(["NO_START"]);
    const second = { ...start(), id: "second", name: "Second" };
    expect(validate(workflow([start(), second], []))).toEqual([
      {
        code: "SEVERAL_STARTS",
        path: ["blocks", 1],
        blockId: "second",
        message: 'A workflow has one start block; this one has 2: "Start" and "Second".',
      },
    ]);
  });

  test("ids and names that are used twice", () => {
    const definition = workflow([start(), code("a", "A"), code("a", "A")], ["start>a"]);
    expect(codesOf(definition)).toEqual(["DUPLICATE_ID a", "DUPLICATE_NAME a"]);
    const edge = { id: "e0", source: "start", sourceHandle: "out", target: "a" };
    expect(
      codesOf({
        ...workflow([start({ name: "x", type: "json", required: false }), code("a", "A")], []),
        edges: [edge, edge],
        variables: [
          { name: "v", value: 1 },
          { name: "v", value: 2 },
        ],
      }),
    ).toEqual(["DUPLICATE_ID", "DUPLICATE_NAME"]);
  });

  test("a block cannot be called variable", () => {
    expect(messageOf(alone(code("a", "variable")))).toBe(
      `Block "variable": name must be another name: 'variable' is what <variable.name> begins with.`,
    );
  });

  test("ids like those of inherited properties are ids like any other", () => {
    const definition = workflow(
      [start(), code("__proto__", "A"), code("constructor", "constructor", { a: "<A.result>" })],
      ["start>__proto__", "__proto__>constructor"],
    );
    expect(validate(definition)).toEqual([]);
  });
});

describe("edges", () => {
  test("an end that does not exist", () => {
    expect(validate(workflow([start()], ["start>gone"]))).toEqual([
      {
        code: "UNKNOWN_BLOCK",
        path: ["edges", 0, "target"],
        message: 'Edge 1 (from "Start" to "gone") leads to a block with the id "gone", which does not exist.',
      },
    ]);
    expect(codesOf(workflow([start()], ["gone>gone2"]))).toEqual(["UNKNOWN_BLOCK", "UNKNOWN_BLOCK"]);
  });

  test.each([
    ["start:error>x", '"out"'],
    ["a:branch:b>x", '"out" and "error"'],
    ["c:out>x", '"branch:b", "else" and "error"'],
    ["c:branch:nope>x", '"branch:b", "else" and "error"'],
  ])("a handle that the block does not have: %s", (arrow, handles) => {
    const blocks = [start(), code("a", "A"), condition("c", "C", "b"), code("x", "X")];
    const problems = validate(workflow(blocks, ["start>a", "a>c", "c:else>x", arrow]));
    expect(problems).toMatchObject([{ code: "INVALID_HANDLE", path: ["edges", 3, "sourceHandle"] }]);
    expect(problems[0]?.message).toContain(`the block's handles are ${handles}.`);
  });

  test("nothing comes after a response or before a start", () => {
    const blocks = [start(), response(null), code("a", "A")];
    expect(codesOf(workflow(blocks, ["start>response", "response>a"]))).toEqual(["INVALID_HANDLE response"]);
    expect(codesOf(workflow([start(), code("a", "A")], ["start>a", "a>start"]))).toEqual([
      "INVALID_HANDLE start",
      "CYCLE start",
    ]);
  });

  test("a block that leads to itself", () => {
    expect(messageOf(workflow([start(), code("a", "A")], ["start>a", "a>a"]))).toBe(
      'Block "A" leads to itself; a workflow cannot go round.',
    );
  });

  test("a cycle is said once, with its blocks in their order", () => {
    const blocks = [start(), code("a", "A"), code("b", "B"), code("c", "C"), code("after", "After")];
    expect(messageOf(workflow(blocks, ["start>a", "c>a", "b>c", "a>b", "c>after"]))).toBe(
      '"A", "B" and "C" lead to each other in a cycle; a workflow cannot go round.',
    );
  });

  test("every block on any cycle is named by some problem", () => {
    const blocks = [start(), code("a", "A"), code("b", "B"), code("c", "C")];
    const messages = validate(workflow(blocks, ["start>a", "a>b", "b>a", "a>c", "c>a", "c>c"])).map(
      (one) => one.message,
    );
    expect(messages).toEqual([
      '"A" and "B" lead to each other in a cycle; a workflow cannot go round.',
      'Block "C" leads to itself; a workflow cannot go round.',
      '"C" and "A" lead to each other in a cycle; a workflow cannot go round.',
    ]);
  });

  test("a block that is never reached", () => {
    expect(validate(workflow([start(), code("a", "A"), code("b", "B")], ["a>b"]))).toMatchObject([
      { code: "UNREACHABLE_BLOCK", blockId: "a" },
      { code: "UNREACHABLE_BLOCK", blockId: "b", path: ["blocks", 2] },
    ]);
  });
});

describe("references", () => {
  test("unknown blocks, variables and outputs are named where they stand", () => {
    const definition = alone(
      { ...agent("a", "A", "<Nobody.text> {{BAD NAME}}"), system: "<variable.nope> <Start.topic>" },
      { region: 1 },
    );
    expect(validate(definition)).toMatchObject([
      { code: "UNKNOWN_REFERENCE", path: ["blocks", 1, "system"], blockId: "a" },
      { code: "UNKNOWN_REFERENCE", path: ["blocks", 1, "system"] },
      { code: "UNKNOWN_REFERENCE", path: ["blocks", 1, "prompt"] },
      { code: "INVALID_FIELD", path: ["blocks", 1, "prompt"] },
    ]);
    expect(validate(definition)[1]?.message).toBe(
      'Block "A", system: <Start.topic> asks block "Start" for an output "topic" that it does not have; it has no outputs.',
    );
  });

  test("an unknown output says which there are", () => {
    expect(
      messageOf(workflow([start(), code("a", "A"), response("<A.text>")], ["start>a", "a>response"])),
    ).toContain('its outputs are "result" and "error".');
  });

  test("a reference that stands in one text many times is one problem", () => {
    expect(codesOf(alone(agent("a", "A", "<No.x> <No.x> <No.x> <No.y>")))).toEqual([
      "UNKNOWN_REFERENCE a",
      "UNKNOWN_REFERENCE a",
    ]);
  });

  test("every place that takes a template is looked into", () => {
    const bad = "<No.x>";
    const blocks = [
      start(),
      http("h", "H", { method: "POST", url: bad, headers: { a: bad }, body: bad }),
      code("f", "F", { a: bad }),
      agent("a", "A", bad, {
        system: bad,
        attachments: [bad, bad],
        tools: [
          functionTool("f"),
          httpTool("h", { url: bad, headers: { a: bad } }),
          mcpTool({ kind: "operator", name: "files" }),
          mcpTool({ kind: "http", url: bad, headers: { a: bad } }),
        ],
      }),
      { ...condition("c", "C", "b"), inputs: { a: bad } },
      response({ a: [bad, { b: bad }], [bad]: 1 }),
    ];
    const definition = workflow(blocks, ["start>h", "h>f", "f>a", "a>c", "c:else>response"]);
    expect(validate(definition).map((one) => one.path.slice(1).join("."))).toEqual([
      "1.url",
      "1.headers.a",
      "1.body",
      "2.inputs.a",
      "3.system",
      "3.prompt",
      "3.attachments.0",
      "3.attachments.1",
      "3.tools.1.url",
      "3.tools.1.headers.a",
      "3.tools.3.server.url",
      "3.tools.3.server.headers.a",
      "4.inputs.a",
      "5.output.a.0",
      "5.output.a.1.b",
    ]);
  });

  test("a block beside or after this one cannot be used, nor the block itself", () => {
    const blocks = [
      start(),
      code("a", "A", { x: "<B.result>", y: "<C.result>", z: "<A.result>" }),
      code("b", "B"),
      code("c", "C", { x: "<A.result>" }),
    ];
    const problems = validate(workflow(blocks, ["start>a", "start>b", "a>c"]));
    expect(problems.map((one) => [one.code, one.path.at(-1)])).toEqual([
      ["REFERENCE_NOT_UPSTREAM", "x"],
      ["REFERENCE_NOT_UPSTREAM", "y"],
      ["REFERENCE_NOT_UPSTREAM", "z"],
    ]);
    expect(problems[0]?.message).toBe(
      'Block "A", inputs.x: <B.result> uses block "B", which does not lead to this one: connect it, directly or through other blocks.',
    );
  });

  test("a block that is not connected yet is told that, and not also that its references are wrong", () => {
    expect(codesOf(workflow([start(), code("a", "A", { x: "<Start>" })], []))).toEqual([
      "UNREACHABLE_BLOCK a",
    ]);
  });
});

describe("fields", () => {
  test("a structured answer needs a schema of type object", () => {
    for (const responseSchema of [{}, { type: "array" }, { type: ["object"] }]) {
      expect(codesOf(alone({ ...agent("a", "A", "Hi"), responseSchema }))).toEqual(["INVALID_FIELD a"]);
    }
    expect(validate(alone({ ...agent("a", "A", "Hi"), responseSchema: { type: "object" } }))).toEqual([]);
  });

  test("names of headers are tokens", () => {
    expect(messageOf(alone(http("h", "H", { headers: { "X-Ok": "1", "Bad Name": "1" } })))).toContain(
      '"Bad Name"',
    );
    expect(codesOf(alone(http("h", "H", { headers: { "X:\r\nY": "1" } })))).toEqual(["INVALID_FIELD h"]);
  });

  test("a GET request has no body", () => {
    expect(codesOf(alone(http("h", "H", { body: "x" })))).toEqual(["INVALID_FIELD h"]);
    expect(validate(alone(http("h", "H", { method: "POST", body: "x" })))).toEqual([]);
  });

  test("texts that are required are not blank", () => {
    expect(codesOf(alone(agent("a", "A", "")))).toEqual(["MISSING_FIELD a"]);
    expect(codesOf(alone(agent("a", "A", " \n")))).toEqual(["MISSING_FIELD a"]);
    expect(codesOf(alone(http("h", "H", { url: " " })))).toEqual(["MISSING_FIELD h"]);
  });

  test("branches have ids of their own, and none is called else", () => {
    expect(codesOf(alone(condition("c", "C", "b", "b", "else")))).toEqual([
      "DUPLICATE_ID c",
      "INVALID_FIELD c",
    ]);
    expect(codesOf(alone(condition("c", "C")))).toEqual(["MISSING_FIELD c"]);
  });

  test("a start block's inputs have names of their own and defaults of their type", () => {
    const definition = workflow(
      [
        start(
          { name: "a", type: "number", required: false, default: "1" },
          { name: "a", type: "json", required: false, default: null },
        ),
      ],
      [],
    );
    expect(validate(definition)).toMatchObject([
      { code: "DUPLICATE_NAME", path: ["blocks", 0, "inputs", 1, "name"] },
      { code: "INVALID_FIELD", path: ["blocks", 0, "inputs", 0, "default"] },
    ]);
  });
});

describe("shape", () => {
  test.each([[undefined], [null], [1], ["text"], [[]], [() => 1]])("%j is not a workflow", (definition) => {
    expect(validate(definition)).toMatchObject([{ code: "INVALID_SHAPE", path: [] }, { code: "NO_START" }]);
  });

  test("each fault is a sentence that names the block and the field", () => {
    const { prompt: _, ...withoutPrompt } = { ...agent("a", "Agent", ""), prompt: "" };
    const definition = {
      ...alone(code("a", "A")),
      blocks: [
        start(),
        { ...withoutPrompt, maxTokens: 1.5, temperature: 3, provider: "other", model: 7, note: "x" },
        { id: "b c", type: "nothing", name: 1 },
        { ...code("d", "D"), inputs: { "a-b": "x" }, position: { x: Number.NaN, y: 0 } },
      ],
    };
    expect(validate(definition).map((one) => `${one.code}: ${one.message}`)).toEqual([
      'INVALID_SHAPE: Block "D": position.x must be a finite number.',
      'INVALID_FIELD: Block "Agent": provider must be anthropic, azure-anthropic, bedrock, vllm, openai, groq, cerebras or google.',
      'INVALID_SHAPE: Block "Agent": model must be text, not a number.',
      'MISSING_FIELD: Block "Agent": prompt is missing.',
      'INVALID_FIELD: Block "Agent": temperature must be at most 2.',
      'INVALID_SHAPE: Block "Agent": maxTokens must be a whole number, not a number.',
      'INVALID_SHAPE: Block "Agent" has fields that do not belong there: "note".',
      "INVALID_SHAPE: Block 3: type must be start, agent, function, http, condition or response.",
      'INVALID_FIELD: Block "D": inputs.a-b has a name that must be a JavaScript identifier.',
      "UNREACHABLE_BLOCK: Block 3 is never reached: no path of edges leads from the start block to it.",
      'UNREACHABLE_BLOCK: Block "D" is never reached: no path of edges leads from the start block to it.',
    ]);
  });

  test("one block of wrong shape does not keep anything else from being judged, nor bring problems that are not there", () => {
    const broken = { ...agent("a", "A", "<No.x>"), maxTokens: "many" };
    const definition = {
      ...workflow(
        [start(), code("b", "B", { x: "<A.text>", y: "<Gone.result>" })],
        ["start>a", "a>b", "b:nope>a2"],
      ),
    };
    expect(codesOf({ ...definition, blocks: [...definition.blocks, broken] })).toEqual([
      "INVALID_SHAPE a",
      "UNKNOWN_BLOCK",
      "INVALID_HANDLE b",
      "UNKNOWN_REFERENCE b",
      "UNKNOWN_REFERENCE a",
    ]);
  });

  test("what hangs on an edge or variable that cannot be read is not judged", () => {
    const blocks = [start(), code("a", "A"), code("b", "B", { x: "<A.result>", y: "<variable.v>" })];
    const definition = {
      ...workflow(blocks, []),
      edges: [...edges("start>a"), { id: "e9", source: "a", sourceHandle: "out" }],
      variables: [{ value: 1 }],
    };
    expect(validate(definition).map((one) => one.message)).toEqual([
      "Edge 2: target is missing.",
      "Variable 1: name is missing.",
    ]);
  });

  test("the key __proto__ is refused anywhere, not dropped in silence", () => {
    const definition: unknown = JSON.parse(
      JSON.stringify(workflow([start(), response({ p: 1 })], ["start>response"])).replace(
        '"p"',
        '"__proto__"',
      ),
    );
    expect(messageOf(definition)).toBe('Block "Response": output.__proto__ must not be used as a key.');
    expect(codesOf(workflow([start({ name: "__proto__", type: "json", required: false })], []))).toEqual([
      "INVALID_FIELD start",
    ]);
  });

  test("nesting without end is a problem, not an overflow", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
    const loop: { self?: unknown; again?: unknown } = {};
    loop.self = loop;
    loop.again = loop;
    for (const output of [deep, loop]) {
      const definition = { ...workflow([], []), blocks: [start(), { ...response(null), output }] };
      expect(validate(definition)[0]?.message).toContain("must not be nested deeper than 100 levels.");
    }
  });

  test("too many blocks, edges or variables: only that is said", () => {
    const blocks = Array.from({ length: 1_001 }, () => ({}));
    expect(validate({ ...workflow([], []), blocks })).toEqual([
      {
        code: "INVALID_SHAPE",
        path: ["blocks"],
        message: "A workflow holds at most 1000 blocks; this one has 1001.",
      },
    ]);
  });

  test("the list of problems is bounded, and says how many it leaves out", () => {
    const prompt = Array.from({ length: 3_000 }, (_, index) => `<No.x${index}>`).join(" ");
    const problems = validate(alone(agent("a", "A", prompt)));
    expect(problems).toHaveLength(1_000);
    expect(problems.at(-1)?.message).toBe("2001 further problems are not listed.");
  });
});

describe("any value", () => {
  test("nothing makes it throw", () => {
    fc.assert(
      fc.property(
        fc.anything({ withDate: true, withMap: true, withNullPrototype: true, withBigInt: true }),
        (value) => {
          expect(validate(value).length).toBeGreaterThan(0);
        },
      ),
    );
  });

  test("a definition with any one part replaced by anything never throws, and problems are sentences", () => {
    const places = pathsOf(whole);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.anything(), (place, value) => {
        for (const problem of validate(replaced(whole, place, value))) {
          expect(problem.message).toMatch(/^[A-Z"\d].*\.$/su);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) {
    return [path];
  }
  const parts = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...parts.flatMap(([step, part]) => pathsOf(part, [...path, step]))];
}

function replaced(root: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) {
    return value;
  }
  if (Array.isArray(root)) {
    return root.map((item, index) => (index === step ? replaced(item, rest, value) : item));
  }
  if (typeof root !== "object" || root === null) {
    return root;
  }
  return Object.fromEntries(
    Object.entries(root).map(([key, item]) => [key, key === step ? replaced(item, rest, value) : item]),
  );
}
