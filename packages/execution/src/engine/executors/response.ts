import { type BlockExecutor, completed } from "../block-executor.ts";

export const responseExecutor: BlockExecutor<"response"> = {
  input: (block, renderer) => ({ output: renderer.tree(block.templates.output) }),
  run: async (_block, input) => completed({ output: input.output }),
};
