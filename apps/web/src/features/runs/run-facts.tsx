import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RunRecord } from "../../api/types.ts";
import { formatDuration, formatMoney } from "../../ui/format.ts";
import { RelativeTime } from "../../ui/time.tsx";
import { triggerLabel, versionLabel } from "./run-words.ts";

/** The line of facts under a run's title. */
export function RunFacts({ record }: { readonly record: RunRecord }) {
  const { workspaceId, workflowId, startedAt, endedAt } = record;
  return (
    <dl className="numbers flex flex-wrap gap-x-10 gap-y-4 border-y border-line py-4 text-sm">
      <Fact label="Workflow">
        <Link
          to="/w/$workspaceId/workflows/$workflowId"
          params={{ workspaceId, workflowId }}
          className="font-medium text-accent-text hover:underline"
        >
          {record.workflowName}
        </Link>
      </Fact>
      <Fact label="Version">
        {record.version === null && record.profile !== "manual"
          ? "–"
          : versionLabel(record.version?.number ?? null)}
      </Fact>
      <Fact label="Trigger">
        {triggerLabel(record.profile)}
        {record.apiKeyHint !== null && (
          <code className="ml-1.5 font-mono text-xs text-muted">{record.apiKeyHint}</code>
        )}
      </Fact>
      <Fact label="Started by">{record.actor.name}</Fact>
      <Fact label="Created">
        <RelativeTime at={record.createdAt} />
      </Fact>
      <Fact label="Duration">
        {startedAt === null || endedAt === null ? "–" : formatDuration(endedAt - startedAt)}
      </Fact>
      <Fact label="Cost">{formatMoney(record.costMicros)}</Fact>
    </dl>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0 space-y-0.5">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="truncate">{children}</dd>
    </div>
  );
}
