import { analyse } from "./analyse.ts";
import type { Problem } from "./plan.ts";

/**
 * Everything that is wrong with a definition, in sentences for its author; empty when it compiles. It takes any value and
 * never throws, and a part whose shape is wrong does not keep the others from being judged.
 *
 * - A workflow has exactly one start block, and every other block is reached from it.
 * - It needs no response block: without one, its output is the outputs of its last blocks.
 * - A reference may use any block that leads to its own, over whichever handles. Whether that block ran, and has a value
 *   at that path, is for the run to say; that its output can begin with that key is judged here.
 * - Where a block is not reached, or the shape of an edge is wrong, references are not judged by who comes before whom:
 *   the missing connection may make them right.
 * - Problems beyond the first 999 are counted, not listed. Of a definition with too many blocks, edges or variables, only
 *   that is said.
 */
export function validate(definition: unknown): readonly Problem[] {
  const analysis = analyse(definition);
  return analysis.ok ? [] : analysis.problems;
}
