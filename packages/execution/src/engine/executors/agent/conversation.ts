import type { ContentPart, GenerateRequest, Message } from "@gantry/providers";
import { type BlockContext, type BlockOutcome, completed, failed } from "../../block-executor.ts";
import { engineLimits } from "../../limits.ts";
import type { Models } from "./models.ts";
import { agentOutput } from "./output.ts";
import { callTools, type ToolCallMade } from "./tools/call-tools.ts";
import type { Toolbox } from "./tools/toolbox.ts";

export type Asked = Pick<
  GenerateRequest,
  "system" | "cachePrompt" | "temperature" | "maxTokens" | "responseSchema"
> & {
  readonly content: readonly ContentPart[];
};

/** Round after round until the model answers without calling a tool. In the last it is told not to. */
export async function converse(
  { content, ...asked }: Asked,
  models: Models,
  toolbox: Toolbox,
  context: BlockContext,
): Promise<BlockOutcome> {
  const { agentRoundsMax } = engineLimits;
  const messages: Message[] = [{ role: "user", content }];
  const made: ToolCallMade[] = [];
  for (let round = 1; ; round += 1) {
    const isLast = round === agentRoundsMax;
    const answer = await models.ask({
      ...asked,
      messages: [...messages],
      tools: toolbox.definitions,
      toolChoice: isLast ? "none" : "auto",
    });
    if (!answer.ok) return answer;
    const { generation } = answer;
    const { text, toolCalls, continuation } = generation;
    if (toolCalls.length === 0)
      return completed(agentOutput(answer, { rounds: round, usage: models.usage(), toolCalls: made }));
    if (isLast || toolbox.definitions.length === 0)
      return failed("OUTPUT_INVALID", isLast ? calledInLastRound : calledWithoutTools);
    const results = await callTools(toolCalls, { toolbox, round, made }, context);
    if (context.signal.aborted) return failed("CANCELLED", "The block was stopped.");
    messages.push({ role: "assistant", text, toolCalls, continuation }, { role: "tool", results });
  }
}

const calledInLastRound = `The model called a tool in the last of ${engineLimits.agentRoundsMax} rounds, in which it must answer.`;
const calledWithoutTools = "The model called a tool, but the block has none.";
