import { skipToken, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { trpc } from "../../api/client.ts";
import type { RunRecord } from "../../api/types.ts";
import { type Graph, readGraph } from "../../definition/read-definition.ts";
import { JsonView } from "../../ui/json-view.tsx";
import { Section } from "../../ui/page.tsx";
import { ChargeList } from "./charge-list.tsx";
import { fromRecord } from "./from-record.ts";
import { PayerPanel } from "./payer-panel.tsx";
import { PreflightView } from "./preflight-view.tsx";
import { RefusalCard } from "./refusal-card.tsx";
import { refusalNotice } from "./refusal-notice.ts";
import { RunLayout } from "./run-layout.tsx";

interface RunRecordViewProps {
  readonly record: RunRecord;
  readonly workspaceId: string;
}

export function RunRecordView({ record, workspaceId }: RunRecordViewProps) {
  const run = useMemo(() => fromRecord(record), [record]);
  const { graph, isDraftOfToday } = useGraphOf(record);
  const refused = record.status === "refused";
  const place = { workspaceId, workflowId: record.workflowId };
  const side = (
    <>
      <PreflightView
        decision={run.decision}
        timings={run.timings}
        verdict={refused ? "Refused" : "Admitted"}
      />
      {record.input !== null && (
        <Section title="Input">
          <JsonView label="Given" value={record.input} />
        </Section>
      )}
      {record.payer !== null && <PayerPanel record={record} payer={record.payer} />}
      {record.charges.length > 0 && <ChargeList record={record} />}
    </>
  );
  return (
    <RunLayout graph={graph} run={run} place={place} side={side}>
      {run.refusal !== null && <RefusalCard notice={refusalNotice(run.refusal)} place={place} />}
      {isDraftOfToday && !refused && graph.blocks.length > 0 && (
        <p className="text-[13px] text-muted">
          This run used the draft as it was then. The graph shows the draft as it is now.
        </p>
      )}
    </RunLayout>
  );
}

/** The version's graph; for a run of the draft, today's draft as long as it still has the run's blocks. */
function useGraphOf(record: RunRecord): { readonly graph: Graph; readonly isDraftOfToday: boolean } {
  const isDraft = record.definition === null;
  const workflow = useQuery(
    trpc.workflow.get.queryOptions(isDraft ? { workflowId: record.workflowId } : skipToken),
  );
  const definition: unknown = isDraft ? workflow.data?.draft : record.definition;
  const graph = useMemo(() => readGraph(definition), [definition]);
  const ids = new Set(graph.blocks.map((block) => block.id));
  const fits = record.spans.every((span) => ids.has(span.blockId));
  return { graph: fits ? graph : { blocks: [], edges: [] }, isDraftOfToday: isDraft && fits };
}
