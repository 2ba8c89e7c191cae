import type { Generation, ProviderId, TokenUsage } from "@gantry/providers";
import type { ToolCallMade } from "./tools/call-tools.ts";
import { allInputTokens } from "./usage.ts";

/** The block's output: what the last round said, and what all rounds together did. */
export function agentOutput(
  { provider, generation }: { readonly provider: ProviderId; readonly generation: Generation },
  whole: { readonly rounds: number; readonly usage: TokenUsage; readonly toolCalls: readonly ToolCallMade[] },
) {
  const { text, json, model, stopReason } = generation;
  const { rounds, usage, toolCalls } = whole;
  return {
    text,
    json: json ?? null,
    model,
    provider,
    stopReason,
    usage: { ...usage, inputTokens: allInputTokens(usage) },
    rounds,
    toolCalls,
  };
}
