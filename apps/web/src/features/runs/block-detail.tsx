import { JsonView } from "../../ui/json-view.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { BlockRun } from "./run-state.ts";
import { StreamedText } from "./streamed-text.tsx";

/** What a block was given and what it gave. */
export function BlockDetail({ id, block }: { readonly id: string; readonly block: BlockRun }) {
  const written = block.text.tail !== "" || block.text.pages.length > 0;
  return (
    <div
      id={id}
      role="region"
      aria-label={`${block.name} in detail`}
      className="space-y-4 px-2 pt-1 pb-5 sm:pl-9"
    >
      {block.error !== null && (
        <Notice tone="bad">
          <p className="font-medium">{block.error.message}</p>
          <p className="text-xs text-muted">
            <code className="font-mono">{block.error.code}</code>
            {block.handled && " · an error edge took over"}
          </p>
        </Notice>
      )}
      {written && block.status !== "completed" && (
        <StreamedText log={block.text} streaming={block.status === "running"} />
      )}
      <div className="grid gap-4 lg:grid-cols-2">
        <JsonView label="Input" value={block.input} />
        {block.status === "completed" && <JsonView label="Output" value={block.output} />}
      </div>
    </div>
  );
}
