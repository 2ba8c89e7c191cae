import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, compileText } from "./compile.ts";
import { emptyDefinition } from "./empty-definition.ts";
import {
  agent,
  code,
  functionTool,
  http,
  httpTool,
  mcpTool,
  planOf,
  response,
  start,
  workflow,
  workflowTool,
} from "./testing/sample.ts";
import { validate } from "./validate.ts";

const definition = workflow(
  [
    start({ name: "topic", type: "string", required: true }),
    response({ text: "<Agent.text>", literal: 1, list: [true, "{{Z_KEY}}"] }),
    agent("agent", "Agent", "About <Start.topic>: <variable.region>", { tools: [httpTool("look_up")] }),
    http("h", "H", { url: "https://example.com/?k={{A_KEY}}", headers: { constructor: "{{A_KEY}}" } }),
  ],
  ["start>h", "h>agent", "agent>response", "h:error>response"],
  { region: { name: "EU" } },
);

describe("a plan", () => {
  test("holds every block by id with its edges, templates and environment names", () => {
    const plan = planOf(definition);
    expect(plan.startId).toBe("start");
    expect(Object.keys(plan.blocks)).toEqual(["start", "response", "agent", "h"]);
    expect(plan.blocks["agent"]).toMatchObject({
      type: "agent",
      templates: {
        system: null,
        prompt: [
          "About ",
          { kind: "block", blockId: "start", path: ["topic"] },
          ": ",
          { kind: "variable", name: "region", path: [] },
        ],
      },
      incoming: [{ source: "h", sourceHandle: "out", target: "agent" }],
      outgoing: [{ source: "agent", sourceHandle: "out", target: "response" }],
      environmentNames: [],
    });
    expect(plan.blocks["h"]).toMatchObject({
      environmentNames: ["A_KEY"],
      outgoing: [{ target: "agent" }, { sourceHandle: "error", target: "response" }],
    });
    expect(plan.blocks["response"]).toMatchObject({
      templates: {
        output: {
          kind: "object",
          entries: [
            ["text", { kind: "template", template: [{ kind: "block", blockId: "agent" }] }],
            ["literal", { kind: "literal", value: 1 }],
            [
              "list",
              {
                kind: "array",
                items: [
                  { kind: "literal", value: true },
                  { kind: "template", template: [{ name: "Z_KEY" }] },
                ],
              },
            ],
          ],
        },
      },
    });
    expect(plan.environmentNames).toEqual(["A_KEY", "Z_KEY"]);
    expect(plan.variables).toEqual({ region: { name: "EU" } });
  });

  test("holds the templates of attachments and of each tool, at the tool's index", () => {
    const plan = planOf(
      workflow(
        [
          start({ name: "scan", type: "string", required: true }),
          agent("agent", "Agent", "Hi", {
            attachments: ["<Start.scan>"],
            tools: [
              functionTool("f"),
              httpTool("h", { url: "https://example.com/{{PATH}}", headers: { accept: "{{A_KEY}}" } }),
              workflowTool("w"),
              mcpTool({ kind: "operator", name: "files" }),
              mcpTool({ kind: "http", url: "https://example.com", headers: { accept: "{{B_KEY}}" } }),
            ],
          }),
        ],
        ["start>agent"],
      ),
    );
    const none = { url: null, headers: {} };
    expect(plan.blocks["agent"]).toMatchObject({
      templates: {
        attachments: [[{ kind: "block", blockId: "start", path: ["scan"] }]],
        tools: [
          none,
          {
            url: ["https://example.com/", { kind: "environment", name: "PATH" }],
            headers: { accept: [{ name: "A_KEY" }] },
          },
          none,
          none,
          { url: ["https://example.com"], headers: { accept: [{ name: "B_KEY" }] } },
        ],
      },
      environmentNames: ["A_KEY", "B_KEY", "PATH"],
    });
    expect(plan.environmentNames).toEqual(["A_KEY", "B_KEY", "PATH"]);
    expect(planOf(definition).blocks["agent"]).toMatchObject({
      templates: { attachments: [], tools: [{ url: ["https://example.com"], headers: {} }] },
    });
  });

  test("is frozen in depth: nothing that a run does can reach another run's definition", () => {
    const thawed: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value === "object" && value !== null) {
        if (!Object.isFrozen(value)) {
          thawed.push(path);
        }
        for (const [key, part] of Object.entries(value)) {
          visit(part, `${path}.${key}`);
        }
      }
    };
    visit(planOf(definition), "plan");
    expect(thawed).toEqual([]);
  });

  test("is a copy: compiling neither changes nor freezes the definition", () => {
    const own = structuredClone(definition);
    const plan = planOf(own);
    expect(own).toEqual(definition);
    expect(Object.isFrozen(own.variables[0]?.value)).toBe(false);
    own.variables.length = 0;
    own.blocks.length = 0;
    expect(plan.variables).toEqual({ region: { name: "EU" } });
    expect(plan.order).toHaveLength(4);
  });

  test("ids and names that objects inherit are absent until they are used, and plain when they are", () => {
    const empty = planOf(workflow([start()], []));
    for (const record of [empty.blocks, empty.variables]) {
      expect(record["constructor"]).toBeUndefined();
      expect(record["__proto__"]).toBeUndefined();
    }
    const odd = planOf(
      workflow([start(), code("__proto__", "constructor", { constructor: "x" })], ["start>__proto__"], {
        constructor: 1,
      }),
    );
    expect(Object.keys(odd.blocks)).toEqual(["start", "__proto__"]);
    expect(odd.blocks["__proto__"]).toMatchObject({
      type: "function",
      templates: { inputs: { constructor: ["x"] } },
    });
    expect(odd.blocks["toString"]).toBeUndefined();
    expect(odd.variables["constructor"]).toBe(1);
  });

  test("an output that was left out is null", () => {
    const { output: _, ...bare } = { ...response(null), output: null };
    const plan = planOf({ ...workflow([], ["start>response"]), blocks: [start(), bare] });
    expect(plan.blocks["response"]).toMatchObject({
      templates: { output: { kind: "literal", value: null } },
    });
  });

  test("names are trimmed, as references write them", () => {
    const plan = planOf(
      workflow([start(), code("a", " A "), response("<A.result>")], ["start>a", "a>response"]),
    );
    expect(plan.blocks["a"]?.block.name).toBe("A");
  });
});

describe("order", () => {
  const graphs = fc.integer({ min: 1, max: 12 }).chain((count) =>
    fc.record({
      places: fc.shuffledSubarray(
        Array.from({ length: count }, (_, index) => index),
        { minLength: count },
      ),
      links: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 30 }),
    }),
  );

  test("every block comes after all blocks that lead to it, and the order of edges makes no difference", () => {
    fc.assert(
      fc.property(graphs, ({ places, links }) => {
        const blocks = places.map((place) => code(`b${place}`, `B${place}`));
        const arrows = [
          ...places.map((place) => `start>b${place}`),
          ...links.filter(([a, b]) => a < b).map(([a, b]) => `b${a}>b${b}`),
        ];
        const { order } = planOf(workflow([...blocks, start()], arrows));
        expect(order).toHaveLength(blocks.length + 1);
        for (const arrow of arrows) {
          const [source = "", target = ""] = arrow.split(">");
          expect(order.indexOf(source)).toBeLessThan(order.indexOf(target));
        }
        expect(planOf(workflow([...blocks, start()], arrows.toReversed())).order).toEqual(order);
      }),
    );
  });

  test("any links at all either compile or are told as a cycle", () => {
    fc.assert(
      fc.property(graphs, ({ places, links }) => {
        const blocks = places.map((place) => code(`b${place}`, `B${place}`));
        const arrows = [...places.map((p) => `start>b${p}`), ...links.map(([a, b]) => `b${a}>b${b}`)];
        const compiled = compile(workflow([start(), ...blocks], arrows));
        const outcome = compiled.ok
          ? [`${compiled.plan.order.length} in order`]
          : [...new Set(compiled.problems.map((one) => one.code))];
        const cyclic = isCyclic(places, links);
        expect(outcome).toEqual(cyclic ? ["CYCLE"] : [`${blocks.length + 1} in order`]);
      }),
    );
  });
});

describe("definitions that do not compile", () => {
  test("the problems are those that validate lists", () => {
    const wrong = workflow([start(), code("a", "A", { x: "<No.x>" })], ["start>b"]);
    const compiled = compile(wrong);
    expect(compiled.ok).toBe(false);
    expect(compiled.ok || compiled.problems).toEqual(validate(wrong));
  });
});

describe("stored text", () => {
  test("compiles like the value", () => {
    expect(compileText(JSON.stringify(definition))).toEqual(compile(definition));
    expect(compileText(JSON.stringify(emptyDefinition())).ok).toBe(true);
  });

  test.each(["", "{", "undefined", '{"schemaVersion":1,'])("%j is a problem, not an exception", (text) => {
    expect(compileText(text)).toEqual({
      ok: false,
      problems: [{ code: "INVALID_SHAPE", path: [], message: "The workflow is not well-formed JSON." }],
    });
  });
});

/** Whether some place leads back to itself, found by following every link again and again. */
function isCyclic(places: readonly number[], links: readonly (readonly [number, number])[]): boolean {
  const reached = new Set(links.map(([a, b]) => `${a}>${b}`));
  for (const middle of places) {
    for (const from of places) {
      for (const to of places) {
        if (reached.has(`${from}>${middle}`) && reached.has(`${middle}>${to}`)) {
          reached.add(`${from}>${to}`);
        }
      }
    }
  }
  return places.some((place) => reached.has(`${place}>${place}`));
}
