import type { AgentTool, Block, JsonValue } from "./definition.ts";
import type { PlanBlock, Template, TemplateTree, ToolTemplates } from "./plan.ts";
import { recordOf } from "./record.ts";
import type { ParsedTemplate } from "./references.ts";

type Connections = Pick<PlanBlock, "incoming" | "outgoing">;

/** One block of a plan, its templates parsed. */
export function planBlock(
  block: Block,
  connections: Connections,
  parse: (text: string) => ParsedTemplate,
): PlanBlock {
  const environmentNames = new Set<string>();

  function template(text: string): Template {
    const { template } = parse(text);
    for (const part of template) {
      if (typeof part !== "string" && part.kind === "environment") {
        environmentNames.add(part.name);
      }
    }
    return template;
  }

  function optional(text: string | undefined): Template | null {
    return text === undefined ? null : template(text);
  }

  function record(texts: Readonly<Record<string, string>>): Readonly<Record<string, Template>> {
    return recordOf(Object.entries(texts).map(([name, text]) => [name, template(text)]));
  }

  function tree(value: JsonValue): TemplateTree {
    if (typeof value === "string") {
      return { kind: "template", template: template(value) };
    }
    if (typeof value !== "object" || value === null) {
      return { kind: "literal", value };
    }
    if (Array.isArray(value)) {
      return { kind: "array", items: value.map(tree) };
    }
    return {
      kind: "object",
      entries: Object.entries(value).map(([key, item]) => [key, tree(item)] as const),
    };
  }

  function tool(one: AgentTool): ToolTemplates {
    const address = one.type === "mcp" ? one.server : one;
    return "url" in address
      ? { url: template(address.url), headers: record(address.headers) }
      : { url: null, headers: record({}) };
  }

  /** Called after the block's templates are parsed. */
  function common(): Connections & Pick<PlanBlock, "environmentNames"> {
    return { ...connections, environmentNames: [...environmentNames].sort() };
  }

  switch (block.type) {
    case "start":
      return { type: block.type, block, templates: {}, ...common() };
    case "agent": {
      const templates = {
        system: optional(block.system),
        prompt: template(block.prompt),
        attachments: (block.attachments ?? []).map(template),
        tools: (block.tools ?? []).map(tool),
      };
      return { type: block.type, block, templates, ...common() };
    }
    case "function":
      return { type: block.type, block, templates: { inputs: record(block.inputs) }, ...common() };
    case "http": {
      const templates = {
        url: template(block.url),
        headers: record(block.headers),
        body: optional(block.body),
      };
      return { type: block.type, block, templates, ...common() };
    }
    case "condition":
      return { type: block.type, block, templates: { inputs: record(block.inputs) }, ...common() };
    case "response":
      return { type: block.type, block, templates: { output: tree(block.output) }, ...common() };
  }
}
