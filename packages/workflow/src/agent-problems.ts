import type { AgentProvider, AgentTool, BlockOf } from "./definition.ts";
import { blank, type FieldProblem, headerProblems, repeated, schemaProblems } from "./field-problem.ts";
import { excerpt } from "./problem.ts";

export function agentProblems(block: BlockOf<"agent">): readonly FieldProblem[] {
  const { responseSchema, attachments = [], tools = [] } = block;
  return [
    ...blank(["prompt"], block.prompt),
    ...temperatureProblems(block),
    ...attachments.flatMap((text, index) => attachmentProblems(text, index)),
    ...(responseSchema === undefined
      ? []
      : [
          ...schemaProblems(["responseSchema"], responseSchema, "a responseSchema that is"),
          ...placeholderProblems(["responseSchema"], JSON.stringify(responseSchema), "the responseSchema"),
        ]),
    ...toolNameProblems(tools),
    ...tools.flatMap((tool, index) => toolProblems(tool, ["tools", index])),
    ...fallbackProblems(block),
  ];
}

/** As their references say; every other provider takes up to 2. */
const temperatureMax: ReadonlyMap<AgentProvider, number> = new Map([
  ["anthropic", 1],
  ["azure-anthropic", 1],
  ["bedrock", 1],
]);

function temperatureProblems(block: BlockOf<"agent">): readonly FieldProblem[] {
  const { temperature = 0, provider, fallbacks = [] } = block;
  const asked = new Set([provider, ...fallbacks.map((fallback) => fallback.provider)]);
  return [...asked].flatMap((one) => {
    const max = temperatureMax.get(one) ?? 2;
    return temperature <= max
      ? []
      : [
          {
            code: "INVALID_FIELD",
            path: ["temperature"],
            says: `has a temperature of ${temperature}, but ${one} takes at most ${max}.`,
          },
        ];
  });
}

const mayHoldReference = /<|\{\{/;
const attachmentUrl = /^data:(?:image\/(?:png|jpeg|gif|webp)|application\/pdf);base64,/;

/** What a text with references becomes is for the run to say. */
function attachmentProblems(text: string, index: number): readonly FieldProblem[] {
  const path = ["attachments", index];
  if (text.trim() === "" || mayHoldReference.test(text) || attachmentUrl.test(text)) {
    return blank(path, text, `attachment ${index + 1}`);
  }
  return [
    {
      code: "INVALID_FIELD",
      path,
      says: `has an attachment ${index + 1} that is no data URL of a PNG, JPEG, GIF or WebP image or a PDF: data:image/png;base64,...`,
    },
  ];
}

/** The names of an MCP server's tools are for the run to know. */
function toolNameProblems(tools: readonly AgentTool[]): readonly FieldProblem[] {
  const names = tools.map((tool) => (tool.type === "mcp" ? null : tool.name));
  return names.flatMap((name, index) =>
    name === null || names.indexOf(name) === index
      ? []
      : [
          {
            code: "DUPLICATE_NAME",
            path: ["tools", index, "name"],
            says: `has more than one tool called "${name}".`,
          },
        ],
  );
}

function toolProblems(tool: AgentTool, path: FieldProblem["path"]): readonly FieldProblem[] {
  if (tool.type === "mcp") {
    return tool.server.kind === "operator"
      ? blank([...path, "server", "name"], tool.server.name, "name of an MCP server")
      : [
          ...blank([...path, "server", "url"], tool.server.url, "url of an MCP server"),
          ...headerProblems([...path, "server", "headers"], tool.server.headers),
        ];
  }
  const { name, description, parameters } = tool;
  const of = (field: string): string => `${field} of tool "${name}"`;
  const offered = [
    ...blank([...path, "description"], description, of("description")),
    ...placeholderProblems([...path, "description"], description, of("the description")),
    ...schemaProblems([...path, "parameters"], parameters, `parameters of tool "${name}" that are`),
    ...placeholderProblems([...path, "parameters"], JSON.stringify(parameters), of("the parameters")),
  ];
  switch (tool.type) {
    case "function":
      return [...offered, ...blank([...path, "code"], tool.code, of("code"))];
    case "http":
      return [
        ...offered,
        ...blank([...path, "url"], tool.url, of("url")),
        ...headerProblems([...path, "headers"], tool.headers),
      ];
    case "workflow":
      return offered;
  }
}

/** A secret's placeholder that is sent to a model as text: the author meant the secret, where none can stand. */
function placeholderProblems(
  path: FieldProblem["path"],
  text: string,
  called: string,
): readonly FieldProblem[] {
  const found = /\{\{[A-Za-z_][A-Za-z0-9_]*\}\}/.exec(text);
  return found === null
    ? []
    : [
        {
          code: "INVALID_FIELD",
          path,
          says: `has ${excerpt(found[0])} in ${called}, where no environment value is put in its place.`,
        },
      ];
}

function fallbackProblems({ provider, model, fallbacks = [] }: BlockOf<"agent">): readonly FieldProblem[] {
  const tried = [{ provider, model }, ...fallbacks].map((one) => `${one.model} of ${one.provider}`);
  return repeated(tried).map(({ index, value }) => ({
    code: "INVALID_FIELD",
    path: ["fallbacks", index - 1],
    says: `falls back to ${excerpt(value)}, which it tries before already.`,
  }));
}
