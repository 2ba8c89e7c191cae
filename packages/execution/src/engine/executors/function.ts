import { type BlockExecutor, completed } from "../block-executor.ts";
import { engineLimits } from "../limits.ts";
import { sandboxFailure } from "./sandbox-failure.ts";

/** Runs the block's code in the sandbox. Inputs are bound as values. */
export const functionExecutor: BlockExecutor<"function"> = {
  input: (block, renderer) => ({ inputs: renderer.values(block.templates.inputs) }),
  run: async (block, input, context) => {
    const result = await context.resources.sandbox.run(
      {
        kind: "body",
        source: block.block.code,
        inputs: input.inputs,
        limits: {
          timeoutMs: block.block.timeoutMs ?? engineLimits.functionTimeoutMs,
          memoryBytes: engineLimits.sandboxMemoryBytes,
          resultBytes: engineLimits.functionResultBytes,
        },
      },
      context.signal,
    );
    return result.ok ? completed({ result: result.value }) : sandboxFailure(result);
  },
};
