import type { Graph, GraphBlock } from "../definition/read-definition.ts";

export const nodeWidth = 208;
export const nodeHeight = 72;
const gap = { right: { along: 64, across: 28 }, down: { along: 44, across: 32 } };
/** Stored positions closer than this are one column. */
const columnTolerance = 60;

export type Direction = "right" | "down";
type Positions = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

export interface Layout {
  readonly direction: Direction;
  readonly positions: Positions;
}

/**
 * Where each block is drawn. From left to right as its author placed it, with the columns moved together; in layers
 * when there are no usable positions. From top to bottom where that shows the blocks larger, as on a phone.
 */
export function layout(graph: Graph, area: { readonly width: number; readonly height: number }): Layout {
  const right = storedColumns(graph.blocks) ?? layered(graph, "right");
  const down = layered(graph, "down");
  const isDown = scaleToFit(down, area) > 1.15 * scaleToFit(right, area);
  return isDown ? { direction: "down", positions: down } : { direction: "right", positions: right };
}

function storedColumns(blocks: readonly GraphBlock[]): Positions | null {
  const taken = new Set<string>();
  const placed: { id: string; x: number; y: number }[] = [];
  for (const { id, position } of blocks) {
    if (position === null || taken.has(`${position.x},${position.y}`)) return null;
    taken.add(`${position.x},${position.y}`);
    placed.push({ id, ...position });
  }
  placed.sort((a, b) => a.x - b.x);
  const positions = new Map<string, { x: number; y: number }>();
  let column = -1;
  let columnX = Number.NEGATIVE_INFINITY;
  for (const { id, x, y } of placed) {
    if (x - columnX > columnTolerance) {
      column++;
      columnX = x;
    }
    positions.set(id, { x: column * (nodeWidth + gap.right.along), y });
  }
  return positions;
}

function layered(graph: Graph, direction: Direction): Positions {
  const layers = layersOf(graph);
  const { along, across } = gap[direction];
  const [alongStep, acrossStep] =
    direction === "right"
      ? [nodeWidth + along, nodeHeight + across]
      : [nodeHeight + along, nodeWidth + across];
  const positions = new Map<string, { x: number; y: number }>();
  layers.forEach((blocks, layer) => {
    const ordered = [...blocks].sort((a, b) => (a.position?.y ?? 0) - (b.position?.y ?? 0));
    ordered.forEach((block, index) => {
      const alongAt = layer * alongStep;
      const acrossAt = (index - (ordered.length - 1) / 2) * acrossStep;
      positions.set(
        block.id,
        direction === "right" ? { x: alongAt, y: acrossAt } : { x: acrossAt, y: alongAt },
      );
    });
  });
  return positions;
}

/** Blocks by layer: each one after the last of those that lead to it. */
function layersOf({ blocks, edges }: Graph): readonly GraphBlock[][] {
  const layerOf = new Map(blocks.map((block) => [block.id, 0]));
  // Longest path by relaxing edges; the bound ends it when a draft has a cycle.
  for (let pass = 0; pass < blocks.length; pass++) {
    let moved = false;
    for (const { source, target } of edges) {
      const layer = (layerOf.get(source) ?? 0) + 1;
      if (layer <= (layerOf.get(target) ?? 0) || layer >= blocks.length) continue;
      layerOf.set(target, layer);
      moved = true;
    }
    if (!moved) break;
  }
  const used = [...new Set(layerOf.values())].sort((a, b) => a - b);
  return used.map((layer) => blocks.filter((block) => layerOf.get(block.id) === layer));
}

function scaleToFit(positions: Positions, area: { readonly width: number; readonly height: number }): number {
  const xs = [...positions.values()].map(({ x }) => x);
  const ys = [...positions.values()].map(({ y }) => y);
  const width = Math.max(...xs) - Math.min(...xs) + nodeWidth;
  const height = Math.max(...ys) - Math.min(...ys) + nodeHeight;
  return Math.min(1, area.width / width, area.height / height);
}
