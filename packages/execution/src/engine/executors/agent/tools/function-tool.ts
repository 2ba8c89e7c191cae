import type { AgentTool } from "@gantry/workflow";
import type { BlockContext } from "../../../block-executor.ts";
import { engineLimits } from "../../../limits.ts";
import { type Tool, toolError, valueAnswer } from "./tool.ts";

/** Runs the tool's code in the sandbox, the call's arguments as its inputs. */
export function functionTool(
  tool: Extract<AgentTool, { type: "function" }>,
  { resources, signal }: BlockContext,
): Tool["run"] {
  return async (inputs) => {
    const ran = await resources.sandbox.run(
      {
        kind: "body",
        source: tool.code,
        inputs,
        limits: {
          timeoutMs: tool.timeoutMs ?? engineLimits.functionTimeoutMs,
          memoryBytes: engineLimits.sandboxMemoryBytes,
          resultBytes: engineLimits.functionResultBytes,
        },
      },
      signal,
    );
    return ran.ok ? valueAnswer(ran.value) : toolError(ran.message);
  };
}
