import { ChevronRight } from "lucide-react";
import { formatDuration } from "../../ui/format.ts";
import { JsonView } from "../../ui/json-view.tsx";
import { readResult, type ToolCall } from "./agent-run.ts";

/** The tools that the model called, in order; each opens to what it was given and what it answered. */
export function ToolCallList({ calls }: { readonly calls: readonly ToolCall[] }) {
  return (
    <section aria-label="Tool calls" className="space-y-1.5">
      <h3 className="text-xs font-medium text-muted">Tool calls</h3>
      <ol className="divide-y divide-line rounded-lg border border-line">
        {calls.map((call, index) => (
          <li key={index}>
            <ToolCallRow call={call} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function ToolCallRow({ call }: { readonly call: ToolCall }) {
  return (
    <details className="group/call">
      <summary className="numbers flex cursor-pointer list-none items-center gap-3 px-3 py-2 text-[13px] transition-colors hover:bg-subtle focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden="true"
          className="size-3.5 shrink-0 text-muted transition-transform group-open/call:rotate-90"
        />
        <span className="min-w-0 truncate font-mono text-[12.5px] font-medium max-sm:flex-1">
          {call.name}
        </span>
        <span className="min-w-0 flex-1 truncate font-mono text-xs text-muted max-sm:hidden">
          {JSON.stringify(call.arguments)}
        </span>
        {call.isError && <span className="text-bad">Failed</span>}
        <span className="shrink-0 text-muted">Round {call.round}</span>
        <span className="w-16 shrink-0 text-right text-muted">{formatDuration(call.durationMs)}</span>
      </summary>
      <div className="grid gap-4 px-3 pt-1 pb-3.5 lg:grid-cols-2">
        <JsonView label="Arguments" value={call.arguments} />
        <JsonView label={call.isError ? "Error" : "Result"} value={readResult(call.result)} />
      </div>
    </details>
  );
}
