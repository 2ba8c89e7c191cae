import { type BlockExecutor, completed } from "../block-executor.ts";
import { engineLimits } from "../limits.ts";
import { sandboxFailure } from "./sandbox-failure.ts";

/** Asks the branches in order and takes the first whose expression is true in JavaScript's sense, else `else`. */
export const conditionExecutor: BlockExecutor<"condition"> = {
  input: (block, renderer) => ({ inputs: renderer.values(block.templates.inputs) }),
  run: async (block, input, context) => {
    for (const branch of block.block.branches) {
      const result = await context.resources.sandbox.run(
        {
          kind: "expression",
          source: branch.when,
          inputs: input.inputs,
          limits: {
            timeoutMs: engineLimits.conditionTimeoutMs,
            memoryBytes: engineLimits.sandboxMemoryBytes,
            resultBytes: engineLimits.conditionResultBytes,
          },
        },
        context.signal,
      );
      // A value too large to hand over is not empty, and so it is true.
      const isTrue = result.ok ? Boolean(result.value) : result.failure === "RESULT_TOO_LARGE";
      if (isTrue) return completed({ branch: branch.id }, `branch:${branch.id}`);
      if (!result.ok) return sandboxFailure(result, `Branch "${branch.id}": `);
    }
    return completed({ branch: "else" }, "else");
  },
};
