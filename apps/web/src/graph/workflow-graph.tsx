import "@xyflow/react/dist/base.css";
import { Controls, ReactFlow } from "@xyflow/react";
import { type KeyboardEvent, useMemo, useRef } from "react";
import { BlockNode } from "./block-node.tsx";
import { type GraphView, toEdges, toNodes } from "./flow.ts";
import { layout } from "./layout.ts";
import { type Size, useSize } from "./use-size.ts";

const nodeTypes = { block: BlockNode };

export interface WorkflowGraphProps extends GraphView {
  readonly label: string;
  readonly onSelect?: (blockId: string) => void;
}

/** A workflow's blocks and edges. Read-only: blocks can be selected, with the mouse or with Tab and Enter. */
export default function WorkflowGraph(props: WorkflowGraphProps) {
  const { label, onSelect } = props;
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    const id =
      event.target instanceof Element ? event.target.closest("[data-id]")?.getAttribute("data-id") : null;
    if (typeof id === "string") onSelect?.(id);
  };
  return (
    <div ref={frame} role="group" aria-label={label} className="size-full" onKeyDown={onKeyDown}>
      {size !== null && <Flow {...props} size={size} />}
    </div>
  );
}

function Flow({
  graph,
  marks,
  problemCounts,
  selectedId,
  onSelect,
  size,
}: WorkflowGraphProps & { readonly size: Size }) {
  const placed = useMemo(() => layout(graph, size), [graph, size]);
  const nodes = useMemo(
    () => toNodes({ graph, marks, problemCounts, selectedId }, placed),
    [graph, marks, problemCounts, selectedId, placed],
  );
  const edges = useMemo(() => toEdges({ graph, marks }), [graph, marks]);
  // The library fits the view only once: another set of blocks or another size is another view.
  const view = `${size.width}x${size.height} ${placed.direction} ${graph.blocks.map((block) => block.id).join(" ")}`;
  return (
    <ReactFlow
      key={view}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      fitView
      fitViewOptions={{ padding: 0.08, maxZoom: 0.9 }}
      minZoom={0.2}
      maxZoom={1.6}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={onSelect !== undefined}
      elementsSelectable={onSelect !== undefined}
      zoomOnScroll={false}
      preventScrolling={false}
      proOptions={{ hideAttribution: true }}
      {...(onSelect === undefined ? {} : { onNodeClick: (_, node) => onSelect(node.id) })}
    >
      <Controls
        className="max-sm:hidden"
        showInteractive={false}
        position="bottom-left"
        orientation="horizontal"
      />
    </ReactFlow>
  );
}
