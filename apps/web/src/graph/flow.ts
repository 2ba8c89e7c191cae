import type { Edge, Node } from "@xyflow/react";
import { agentWords, readAgent } from "../definition/read-agent.ts";
import type { Graph, GraphBlock, GraphEdge } from "../definition/read-definition.ts";
import { isRecord } from "../definition/read-definition.ts";
import { blockKind } from "../ui/block-icon.tsx";
import type { BlockNodeData, HandleView } from "./block-node.tsx";
import { type BlockMarks, blockStatusLabels } from "./block-state.ts";
import { type Layout, nodeHeight, nodeWidth } from "./layout.ts";

export interface GraphView {
  readonly graph: Graph;
  readonly marks?: BlockMarks | undefined;
  readonly problemCounts?: ReadonlyMap<string, number> | undefined;
  readonly selectedId?: string | null | undefined;
}

export function toNodes(
  { graph, marks, problemCounts, selectedId }: GraphView,
  { positions, direction }: Layout,
): Node<BlockNodeData>[] {
  return graph.blocks.map((block) => {
    const mark = marks?.get(block.id) ?? null;
    const agent = readAgent(block);
    const asks = agent === null ? "" : `, ${agentWords(agent)}`;
    const status = mark === null ? "" : `, ${blockStatusLabels[mark.status].toLowerCase()}`;
    return {
      id: block.id,
      type: "block",
      position: positions.get(block.id) ?? { x: 0, y: 0 },
      width: nodeWidth,
      height: nodeHeight,
      selected: block.id === selectedId,
      ariaLabel: `${block.name}, ${blockKind(block.type).label} block${status}${asks}`,
      data: {
        name: block.name,
        type: block.type,
        agent,
        handles: handlesOf(block, graph.edges),
        mark,
        problems: problemCounts?.get(block.id) ?? 0,
        direction,
      },
    };
  });
}

export function toEdges({ graph, marks }: GraphView): Edge[] {
  return graph.edges.map((edge) => {
    const travelled = marks?.get(edge.source)?.leftBy === edge.sourceHandle;
    const target = marks?.get(edge.target)?.status;
    const color = travelled
      ? "var(--accent-text)"
      : edge.sourceHandle === "error"
        ? "var(--bad)"
        : "var(--line-strong)";
    return {
      ...edge,
      type: "smoothstep",
      animated: travelled && target === "running",
      focusable: false,
      selectable: false,
      style: {
        stroke: color,
        strokeWidth: travelled ? 2.5 : 1.75,
        ...(edge.sourceHandle === "error" && !travelled ? { strokeDasharray: "4 4" } : {}),
      },
    };
  });
}

/** `out` and `error` need no label when they stand alone; branches are always named. */
function handlesOf(block: GraphBlock, edges: readonly GraphEdge[]): HandleView[] {
  if (block.type === "response") return [];
  if (block.type === "condition") {
    const branches = Array.isArray(block.fields["branches"]) ? block.fields["branches"] : [];
    const ids = branches.flatMap((branch: unknown) =>
      isRecord(branch) && typeof branch["id"] === "string" ? [branch["id"]] : [],
    );
    return [
      ...ids.map((id) => ({ id: `branch:${id}`, label: id })),
      { id: "else", label: "else" },
      ...errorHandle(block, edges),
    ];
  }
  return [{ id: "out", label: "" }, ...errorHandle(block, edges)];
}

function errorHandle(block: GraphBlock, edges: readonly GraphEdge[]): HandleView[] {
  const used = edges.some((edge) => edge.source === block.id && edge.sourceHandle === "error");
  return used ? [{ id: "error", label: "error" }] : [];
}
