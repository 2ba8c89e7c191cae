import type { Plan } from "@gantry/workflow";

/**
 * Which blocks may start. A block is ready once every edge into it is decided and at least one was taken; one whose
 * edges were all skipped is skipped itself, and so are its own edges. Holds no data of the blocks.
 */
export class Schedule {
  readonly #plan: Plan;
  /** Undecided edges into each block. */
  readonly #undecided = new Map<string, number>();
  readonly #reached = new Set<string>();
  readonly #skipped = new Set<string>();
  readonly #continued = new Set<string>();
  readonly #ready: string[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
    for (const id of plan.order) this.#undecided.set(id, plan.blocks[id]?.incoming.length ?? 0);
    this.#ready.push(plan.startId);
  }

  /** The next block to start, in the order in which blocks became ready; undefined when none is. */
  takeReady(): string | undefined {
    return this.#ready.shift();
  }

  /** The block has ended: its edges on `handle` are taken, its others skipped. */
  decide(blockId: string, handle: string): void {
    const newlySkipped: string[] = [];
    for (const edge of this.#plan.blocks[blockId]?.outgoing ?? []) {
      const taken = edge.sourceHandle === handle;
      if (taken) this.#continued.add(blockId);
      if (this.#decideEdge(edge.target, taken)) newlySkipped.push(edge.target);
    }
    // A loop and not a recursion: plans may be a thousand blocks long.
    for (let id = newlySkipped.pop(); id !== undefined; id = newlySkipped.pop()) {
      for (const edge of this.#plan.blocks[id]?.outgoing ?? []) {
        if (this.#decideEdge(edge.target, false)) newlySkipped.push(edge.target);
      }
    }
  }

  isSkipped(blockId: string): boolean {
    return this.#skipped.has(blockId);
  }

  /** Whether an edge out of the block was taken. */
  hasContinued(blockId: string): boolean {
    return this.#continued.has(blockId);
  }

  /** Returns true when this was the target's last edge and none was taken. */
  #decideEdge(target: string, taken: boolean): boolean {
    const undecided = (this.#undecided.get(target) ?? 0) - 1;
    this.#undecided.set(target, undecided);
    if (taken) this.#reached.add(target);
    if (undecided !== 0) return false;
    if (this.#reached.has(target)) {
      this.#ready.push(target);
      return false;
    }
    this.#skipped.add(target);
    return true;
  }
}
