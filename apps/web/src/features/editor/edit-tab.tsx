import type { Problem } from "@gantry/workflow";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import type { Workflow } from "../../api/types.ts";
import { readGraph } from "../../definition/read-definition.ts";
import { GraphPanel } from "../../graph/graph-panel.tsx";
import { BlockForm } from "./block-form.tsx";
import { CodeArea } from "./code-area.tsx";
import { DraftBar } from "./draft-bar.tsx";
import { findBlock, parseDraft, toText, withField } from "./draft-text.ts";
import { judgeDraft } from "./judge-draft.ts";
import { LeaveGuard } from "./leave-guard.tsx";
import { ProblemList } from "./problem-list.tsx";
import { useDraft } from "./use-draft.ts";

/** The draft as text, its graph, its problems, and the fields of the selected block. */
export function EditTab({ workflow }: { readonly workflow: Workflow }) {
  const draft = useDraft(workflow);
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  // The fields follow at once: one that lags behind what is typed into it loses letters. Graph and problems may lag.
  const parsed = useMemo(() => parseDraft(draft.text), [draft.text]);
  const settled = useDeferredValue(parsed);
  const problems = useMemo(() => judgeDraft(settled), [settled]);
  // While the text is not JSON, the graph keeps its last shape.
  const [definition, setDefinition] = useState<unknown>(workflow.draft);
  if (settled.ok && settled.definition !== definition) setDefinition(settled.definition);
  const graph = useMemo(() => readGraph(definition), [definition]);
  const problemCounts = useMemo(() => countByBlock(problems), [problems]);
  const current = useMemo(() => (parsed.ok ? readGraph(parsed.definition) : graph), [parsed, graph]);
  const selected = current.blocks.find((block) => block.id === selectedId) ?? null;

  const select = (blockId: string) => {
    setSelectedId(blockId);
    reveal(area.current, findBlock(draft.text, blockId));
  };

  return (
    <div className="space-y-5">
      <LeaveGuard isDirty={draft.isDirty} />
      <DraftBar
        draft={draft}
        canSave={parsed.ok && workflow.level !== "read"}
        onFormat={() => parsed.ok && draft.setText(toText(parsed.definition))}
      />
      <div className="grid items-start gap-x-8 gap-y-8 lg:grid-cols-2">
        <CodeArea
          label="Draft definition"
          ref={area}
          value={draft.text}
          invalid={!parsed.ok}
          onChange={draft.setText}
          onSave={() => draft.save()}
        />
        <div className="min-w-0 space-y-8">
          <GraphPanel
            label="Draft graph"
            className="h-[26rem] lg:h-80"
            graph={graph}
            problemCounts={problemCounts}
            selectedId={selectedId}
            onSelect={select}
          />
          <ProblemList problems={problems} graph={graph} onSelect={select} />
          <BlockForm
            key={selectedId}
            block={selected}
            disabled={!parsed.ok}
            onChange={(field, value) => {
              if (parsed.ok && selected !== null)
                draft.setText(toText(withField(parsed.definition, selected.id, field, value)));
            }}
          />
        </div>
      </div>
    </div>
  );
}

function countByBlock(problems: readonly Problem[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { blockId } of problems)
    if (blockId !== undefined) counts.set(blockId, (counts.get(blockId) ?? 0) + 1);
  return counts;
}

const lineHeight = 20;

/** Scrolls the text so that the place is near the top; the focus stays where it is. */
function reveal(area: HTMLTextAreaElement | null, at: number | null): void {
  if (area === null || at === null) return;
  area.setSelectionRange(at, at);
  area.scrollTop = Math.max(0, (area.value.slice(0, at).split("\n").length - 4) * lineHeight);
}
