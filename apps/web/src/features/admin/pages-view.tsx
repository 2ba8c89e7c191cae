import type { ReactNode } from "react";
import { readFailure } from "../../api/failure.ts";
import { Button } from "../../ui/button.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import type { Pages } from "./use-pages.ts";

interface PagesViewProps<T> {
  readonly pages: Pages<T>;
  /** What it lists, as the middle of a sentence: "users". */
  readonly things: string;
  readonly whenEmpty: ReactNode;
  readonly children: (items: readonly T[]) => ReactNode;
}

/** What was loaded so far and a way to load more; or a skeleton, or why it could not be loaded. */
export function PagesView<T>({ pages, things, whenEmpty, children }: PagesViewProps<T>) {
  if (pages.data === undefined) {
    if (pages.error === null) return <SkeletonRows rows={6} label={`Loading ${things}`} />;
    return (
      <ErrorState
        title={`The ${things} could not be loaded`}
        message={readFailure(pages.error).message}
        onRetry={() => void pages.refetch()}
      />
    );
  }
  const items = pages.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return whenEmpty;
  return (
    <>
      {children(items)}
      {pages.hasNextPage && (
        <div className="mt-6 flex justify-center">
          <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            Load more
          </Button>
        </div>
      )}
    </>
  );
}
