import { lazy, Suspense } from "react";
import { classNames } from "../ui/class-names.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import type { WorkflowGraphProps } from "./workflow-graph.tsx";

// The graph library is half of the app's code: it loads beside the page, not before it.
const WorkflowGraph = lazy(() => import("./workflow-graph.tsx"));

/** The graph on its dotted ground, with a skeleton until it is there. */
export function GraphPanel({ className, ...props }: WorkflowGraphProps & { readonly className?: string }) {
  return (
    <div
      className={classNames(
        "h-80 overflow-hidden rounded-xl border border-line bg-[radial-gradient(var(--line)_1px,transparent_1px)] bg-[size:20px_20px]",
        className,
      )}
    >
      <Suspense fallback={<Skeleton className="m-6 h-[calc(100%-3rem)]" />}>
        <WorkflowGraph {...props} />
      </Suspense>
    </div>
  );
}
