import { plural } from "../ui/format.ts";
import { providerName } from "./provider-name.ts";
import { type GraphBlock, isRecord, listAt } from "./read-definition.ts";

export interface AgentModel {
  readonly provider: string;
  readonly model: string;
}

/** What an agent block asks, as far as its draft is written. */
export interface Agent {
  readonly model: AgentModel | null;
  /** Asked in order when the models before failed. */
  readonly fallbacks: readonly AgentModel[];
  /** An MCP server is one of them, however many tools it has. */
  readonly tools: number;
}

/** Null for every other block. */
export function readAgent({ type, fields }: GraphBlock): Agent | null {
  if (type !== "agent") return null;
  return {
    model: readModel(fields)[0] ?? null,
    fallbacks: listAt(fields, "fallbacks").flatMap(readModel),
    tools: listAt(fields, "tools").length,
  };
}

/** "Anthropic claude-haiku-4-5, then claude-sonnet-5, with 2 tools" */
export function agentWords({ model, fallbacks, tools }: Agent): string {
  const models = (model === null ? [] : [model, ...fallbacks]).map((one, index, all) =>
    one.provider === all[index - 1]?.provider ? one.model : modelWords(one),
  );
  const asked = models.join(", then ");
  return [asked, tools === 0 ? "" : `with ${plural(tools, "tool")}`].filter((part) => part !== "").join(", ");
}

export function modelWords({ provider, model }: AgentModel): string {
  return `${providerName(provider)} ${model}`;
}

/** A list of one, or of none while it is not written. */
export function readModel(value: unknown): AgentModel[] {
  if (!isRecord(value)) return [];
  const { provider, model } = value;
  return typeof provider === "string" && typeof model === "string" && model !== ""
    ? [{ provider, model }]
    : [];
}
