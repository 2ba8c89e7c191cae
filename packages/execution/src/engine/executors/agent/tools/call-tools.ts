import type { ToolCall, ToolResult } from "@gantry/providers";
import type { BlockContext } from "../../../block-executor.ts";
import { engineLimits } from "../../../limits.ts";
import { cut } from "./cut.ts";
import { inParallel } from "./in-parallel.ts";
import { type ToolAnswer, toolError } from "./tool.ts";
import type { Toolbox } from "./toolbox.ts";

/** One tool call as the block's output tells it. */
export interface ToolCallMade {
  readonly round: number;
  readonly name: string;
  /** Parsed; the text itself where it was not to be read. */
  readonly arguments: unknown;
  readonly result: string;
  readonly isError: boolean;
  readonly durationMs: number;
}

/** Makes the calls of one round, some at a time, and adds them to `made`. The results are in the order of the calls. */
export async function callTools(
  calls: readonly ToolCall[],
  conversation: { readonly toolbox: Toolbox; readonly round: number; readonly made: ToolCallMade[] },
  context: BlockContext,
): Promise<readonly ToolResult[]> {
  const { toolbox, round, made } = conversation;
  const { toolCallsPerRoundMax, toolCallsAtOnce, toolResultShownChars } = engineLimits;
  const { now } = context.resources;
  const before = made.length;
  const ended = await inParallel(calls, toolCallsAtOnce, async (call, index) => {
    const startedAt = now();
    const { args, answer } =
      index < toolCallsPerRoundMax
        ? await callTool(call, toolbox, before + index + 1)
        : { args: call.arguments, answer: tooMany };
    const text = cut(context.redact(answer.text), engineLimits.toolResultCharsMax);
    const told: ToolCallMade = {
      round,
      name: call.name,
      arguments: args,
      result: cut(text, toolResultShownChars),
      isError: answer.isError,
      durationMs: Math.max(0, now() - startedAt),
    };
    return { told, result: { callId: call.id, name: call.name, text, isError: answer.isError } };
  });
  made.push(...ended.map(({ told }) => told));
  return ended.map(({ result }) => result);
}

async function callTool(
  call: ToolCall,
  toolbox: Toolbox,
  number: number,
): Promise<{ args: unknown; answer: ToolAnswer }> {
  const tool = toolbox.find(call.name);
  if (tool === undefined)
    return { args: call.arguments, answer: toolError(`There is no tool called "${call.name}".`) };
  const read = tool.read(call.arguments);
  if (!read.ok) {
    const message = `The arguments do not fit the parameters of "${call.name}": ${read.problem}.`;
    return { args: call.arguments, answer: toolError(message) };
  }
  return { args: read.args, answer: await tool.run(read.args, number) };
}

const tooMany = toolError(
  `Not called: one round may call ${engineLimits.toolCallsPerRoundMax} tools. Call it again in the next.`,
);
