import { classNames } from "./class-names.ts";

export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden="true" className={classNames("animate-shimmer rounded-md bg-subtle", className)} />;
}

/** Stands in for a list while it loads; told to assistive technology once. */
export function SkeletonRows({ rows = 4, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-4 py-4">
          <Skeleton className="h-4 w-2/5" />
          <Skeleton className="h-4 w-1/6" />
          <Skeleton className="ml-auto h-4 w-16" />
        </div>
      ))}
    </div>
  );
}
