import type { Frame } from "./wire.ts";

/**
 * The events of one block as steps, one per token: what opens the block goes with its first token, what closes it
 * with its last.
 */
export function blockSteps(block: {
  readonly start: readonly Frame[];
  readonly deltas: readonly Frame[];
  readonly stop: readonly Frame[];
}): Frame[][] {
  const last = block.deltas.length - 1;
  if (last === -1) return [[...block.start, ...block.stop]];
  return block.deltas.map((delta, index) => [
    ...(index === 0 ? block.start : []),
    delta,
    ...(index === last ? block.stop : []),
  ]);
}
