import { type BlockExecutor, completed } from "../block-executor.ts";

/** Hands on the run's input, which was checked against the block's inputs before the run. */
export const startExecutor: BlockExecutor<"start"> = {
  input: (_block, _renderer, runInput) => ({ inputs: runInput }),
  run: async (_block, input) => completed(input.inputs),
};
