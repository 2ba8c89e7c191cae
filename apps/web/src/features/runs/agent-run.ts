import type { JsonValue } from "@gantry/workflow";
import {
  type Agent,
  type AgentModel,
  agentWords,
  modelWords,
  readModel,
} from "../../definition/read-agent.ts";
import { isRecord, listAt } from "../../definition/read-definition.ts";
import { plural } from "../../ui/format.ts";

export interface ToolCall {
  readonly round: number;
  readonly name: string;
  readonly arguments: unknown;
  /** The text that the model was given. */
  readonly result: string;
  readonly isError: boolean;
  readonly durationMs: number;
}

/** What an agent block tells of its conversation with the model. */
export interface AgentRun {
  /** Null where a run was recorded before blocks told it. */
  readonly answeredBy: AgentModel | null;
  readonly rounds: number;
  readonly toolCalls: readonly ToolCall[];
  /** Why the answer is not what was asked for, although the block completed. Null where nothing is known to be wrong. */
  readonly caveat: string | null;
}

/** By what the output calls the reason that the model stopped for. */
const caveats: Readonly<Record<string, string>> = {
  max_tokens: "The answer ends where the block's max tokens were used up.",
  refusal: "The model, or its provider's filter, refused to answer.",
  other: "The provider ended the answer early, for a reason of its own.",
};

/** From an agent block's output. */
export function readAgentRun(output: JsonValue): AgentRun {
  const { rounds, stopReason } = isRecord(output) ? output : {};
  return {
    answeredBy: readModel(output)[0] ?? null,
    rounds: typeof rounds === "number" ? rounds : 1,
    toolCalls: listAt(output, "toolCalls").flatMap(readToolCall),
    caveat: typeof stopReason === "string" ? (caveats[stopReason] ?? null) : null,
  };
}

/** "Asks Anthropic claude-haiku-4-5, with 2 tools. Anthropic claude-haiku-4-5 answered in 2 rounds." */
export function conversationWords(agent: Agent | null, run: AgentRun | null): string {
  const asks = agent?.model == null ? [] : [`Asks ${agentWords(agent)}.`];
  if (run === null || run.answeredBy === null) return asks.join("");
  const rounds = run.rounds > 1 ? ` in ${plural(run.rounds, "round")}` : "";
  return [...asks, `${modelWords(run.answeredBy)} answered${rounds}.`].join(" ");
}

/** Text that is JSON as its value: results are text, and so are arguments that could not be read. Any other value as it is. */
export function readResult(result: unknown): unknown {
  if (typeof result !== "string" || !/^\s*[[{]/.test(result)) return result;
  try {
    return JSON.parse(result);
  } catch {
    return result;
  }
}

function readToolCall(value: unknown): ToolCall[] {
  if (!isRecord(value) || typeof value["name"] !== "string") return [];
  const { round, name, result, isError, durationMs } = value;
  return [
    {
      round: typeof round === "number" ? round : 1,
      name,
      arguments: readResult(value["arguments"]),
      result: typeof result === "string" ? result : "",
      isError: isError === true,
      durationMs: typeof durationMs === "number" ? durationMs : 0,
    },
  ];
}
