import { type AgentTool, parseInput } from "@gantry/workflow";
import type { BlockContext } from "../../../block-executor.ts";
import { type Tool, toolError, valueAnswer } from "./tool.ts";

/** Runs another workflow within this run, the call's arguments as its input; the result is its output. */
export function workflowTool(
  tool: Extract<AgentTool, { type: "workflow" }>,
  context: BlockContext,
): Tool["run"] {
  return async (args, toolCall) => {
    const child = await context.resources.childWorkflow(tool.workflowId);
    switch (child.kind) {
      case "missing":
        return toolError("There is no such workflow in this workspace.");
      case "not_deployed":
        return toolError(`The workflow "${child.name}" is not deployed.`);
      case "unavailable":
        return toolError("The workflow could not be read just now.");
      case "found": {
        const { plan, name } = child;
        const parsed = parseInput(plan, args);
        if (!parsed.ok) {
          const problems = parsed.problems.map(({ message }) => message).join(" ");
          return toolError(`The workflow "${name}" does not take this input. ${problems}`);
        }
        const end = await context.runChild({ plan, input: parsed.input, toolCall });
        return end.ok ? valueAnswer(end.output) : toolError(`The workflow "${name}" failed. ${end.message}`);
      }
    }
  };
}
