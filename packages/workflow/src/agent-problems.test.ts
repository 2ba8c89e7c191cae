import { describe, expect, test } from "vitest";
import type { Block } from "./definition.ts";
import {
  agent,
  code,
  codesOf,
  functionTool,
  httpTool,
  mcpTool,
  start,
  workflow,
  workflowTool,
} from "./testing/sample.ts";
import { validate } from "./validate.ts";

/** A start block that leads to one other. */
function alone(block: Block) {
  return workflow([start(), block], [`start>${block.id}`]);
}

describe("an agent's tools, attachments and fallbacks", () => {
  test("are judged although the prompt is still empty", () => {
    const tools = [functionTool("go", { code: " " })];
    const { length } = validate(alone(agent("a", "A", "Hi", { tools })));
    expect(validate(alone(agent("a", "A", "", { tools })))).toHaveLength(length + 1);
  });

  test("one of everything that is wrong is one problem each, with its place", () => {
    const definition = alone(
      agent("a", "A", "Hi", {
        attachments: ["https://example.com/cat.png", " "],
        tools: [
          functionTool("go", { description: " ", code: "\n" }),
          httpTool("go", { url: " ", headers: { "Bad Name": "1" }, parameters: { type: "array" } }),
          workflowTool("ask", { parameters: {} }),
          mcpTool({ kind: "http", url: " ", headers: { "Bad Name": "1" } }),
          mcpTool({ kind: "operator", name: " " }),
        ],
        fallbacks: [
          { provider: "openai", model: "gpt-5" },
          { provider: "anthropic", model: "claude-sonnet-4-5" },
          { provider: "openai", model: "gpt-5" },
        ],
      }),
    );
    expect(
      validate(definition).map((one) => `${one.path.slice(2).join(".")}: ${one.code} ${one.message}`),
    ).toEqual([
      'attachments.0: INVALID_FIELD Block "A" has an attachment 1 that is no data URL of a PNG, JPEG, GIF or WebP image or a PDF: data:image/png;base64,...',
      'attachments.1: MISSING_FIELD Block "A" has a blank attachment 2.',
      'tools.1.name: DUPLICATE_NAME Block "A" has more than one tool called "go".',
      'tools.0.description: MISSING_FIELD Block "A" has a blank description of tool "go".',
      'tools.0.code: MISSING_FIELD Block "A" has a blank code of tool "go".',
      'tools.1.parameters: INVALID_FIELD Block "A" needs parameters of tool "go" that are a JSON schema with "type": "object".',
      'tools.1.url: MISSING_FIELD Block "A" has a blank url of tool "go".',
      `tools.1.headers.Bad Name: INVALID_FIELD Block "A" has a header named "Bad Name": only letters, digits and !#$%&'*+-.^_\`|~ can be in a header's name.`,
      'tools.2.parameters: INVALID_FIELD Block "A" needs parameters of tool "ask" that are a JSON schema with "type": "object".',
      'tools.3.server.url: MISSING_FIELD Block "A" has a blank url of an MCP server.',
      `tools.3.server.headers.Bad Name: INVALID_FIELD Block "A" has a header named "Bad Name": only letters, digits and !#$%&'*+-.^_\`|~ can be in a header's name.`,
      'tools.4.server.name: MISSING_FIELD Block "A" has a blank name of an MCP server.',
      'fallbacks.1: INVALID_FIELD Block "A" falls back to claude-sonnet-4-5 of anthropic, which it tries before already.',
      'fallbacks.2: INVALID_FIELD Block "A" falls back to gpt-5 of openai, which it tries before already.',
    ]);
  });

  test("shapes that are wrong are said in the words of the union that they belong to", () => {
    const tools = [
      { ...functionTool("f"), type: "shell" },
      { type: "mcp", server: { kind: "stdio" } },
      { ...workflowTool("w"), workflowId: "latest" },
      { ...httpTool("1 h") },
    ];
    const definition = {
      ...alone(agent("a", "A", "Hi")),
      blocks: [start(), { ...agent("a", "A", "Hi"), tools }],
    };
    expect(validate(definition).map((one) => one.message)).toEqual([
      'Block "A": tools[0].type must be function, http, workflow or mcp.',
      'Block "A": tools[1].server.kind must be http or operator.',
      'Block "A": tools[2].workflowId must be the id of a workflow.',
      `Block "A": tools[3].name must be a letter, then up to 63 letters, digits, '-' or '_'.`,
    ]);
  });

  test("a tool's reference to what does not come before, or has no such output, is found", () => {
    const blocks = [
      start(),
      agent("a", "A", "Hi", { tools: [httpTool("h", { url: "<B.result>", headers: { k: "<Start.x>" } })] }),
      code("b", "B"),
    ];
    expect(
      validate(workflow(blocks, ["start>a", "a>b"])).map((one) => [one.code, one.path.slice(2)]),
    ).toEqual([
      ["REFERENCE_NOT_UPSTREAM", ["tools", 0, "url"]],
      ["UNKNOWN_REFERENCE", ["tools", 0, "headers", "k"]],
    ]);
  });

  test("a secret's placeholder where no value is put in is never sent to a model as text", () => {
    const problems = validate(
      alone(
        agent("a", "A", "Hi {{KEY}}", {
          responseSchema: { type: "object", description: "{{KEY}}" },
          tools: [
            functionTool("f", {
              description: "Uses {{API_KEY}}.",
              parameters: { type: "object", "{{A}}": 1 },
            }),
            functionTool("g", { description: "Fills {{ mustache }} and {{}}." }),
          ],
        }),
      ),
    );
    expect(problems.map((one) => one.message)).toEqual([
      'Block "A" has {{KEY}} in the responseSchema, where no environment value is put in its place.',
      'Block "A" has {{API_KEY}} in the description of tool "f", where no environment value is put in its place.',
      'Block "A" has {{A}} in the parameters of tool "f", where no environment value is put in its place.',
    ]);
  });

  test("a temperature that the model or a fallback does not take", () => {
    const warm = { temperature: 1.5, fallbacks: [{ provider: "bedrock", model: "m" } as const] };
    expect(
      validate(alone(agent("a", "A", "Hi", { ...warm, provider: "openai" }))).map((one) => one.message),
    ).toEqual(['Block "A" has a temperature of 1.5, but bedrock takes at most 1.']);
    expect(validate(alone(agent("a", "A", "Hi", { provider: "openai", temperature: 2 })))).toEqual([]);
    expect(codesOf(alone(agent("a", "A", "Hi", { temperature: 1.1 })))).toEqual(["INVALID_FIELD a"]);
  });

  test("what an attachment with references becomes is for the run to say", () => {
    const attachments = ["<Start>", "{{SCAN}}", "data:application/pdf;base64,aGk="];
    expect(validate(alone(agent("a", "A", "Hi", { attachments })))).toEqual([]);
    for (const literal of ["data:text/plain;base64,aGk=", "data:image/svg+xml;base64,aGk=", "aGk="]) {
      expect(codesOf(alone(agent("a", "A", "Hi", { attachments: [literal] })))).toEqual(["INVALID_FIELD a"]);
    }
  });
});
