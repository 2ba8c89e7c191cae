import type { Block } from "./definition.ts";

/**
 * The source handles that a block offers to edges, in the order in which an editor shows them.
 * `out`: after success. `error`: instead of failing the run. `branch:<id>` and `else`: a condition's choice.
 */
export function handlesOf(block: Block): readonly string[] {
  switch (block.type) {
    case "start":
      return ["out"];
    case "agent":
    case "function":
    case "http":
      return ["out", "error"];
    case "condition":
      return [...block.branches.map((branch) => `branch:${branch.id}`), "else", "error"];
    case "response":
      return [];
  }
}

/**
 * The keys of a block's output, which a reference's path begins with. `error` is among them for every block with an error
 * handle: a block that failed and was handled has `{ error }` as its output.
 */
export function outputKeysOf(block: Block): readonly string[] {
  switch (block.type) {
    case "start":
      return block.inputs.map((input) => input.name);
    case "agent":
      return ["text", "json", "model", "provider", "stopReason", "usage", "rounds", "toolCalls", "error"];
    case "function":
      return ["result", "error"];
    case "http":
      return ["status", "headers", "body", "error"];
    case "condition":
      return ["branch", "error"];
    case "response":
      return ["output"];
  }
}
