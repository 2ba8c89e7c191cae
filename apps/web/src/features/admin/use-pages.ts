import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";

interface PageOf<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export type Pages<T> = UseInfiniteQueryResult<InfiniteData<PageOf<T>>, unknown>;

interface Paged<T> {
  readonly queryKey: readonly unknown[];
  readonly load: (page: { readonly cursor?: string }) => Promise<PageOf<T>>;
  /** Left out: asked for once. */
  readonly refreshMs?: number;
}

const firstPage: { readonly cursor?: string } = {};

/** A list that is loaded page by page. */
export function usePages<T>({ queryKey, load, refreshMs }: Paged<T>): Pages<T> {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: firstPage,
    getNextPageParam: ({ nextCursor }: PageOf<T>) => (nextCursor === null ? null : { cursor: nextCursor }),
    // Only the first page is watched: asking again for every page that was loaded would grow without bound.
    refetchInterval: ({ state }) =>
      refreshMs === undefined || (state.data?.pages.length ?? 0) > 1 ? false : refreshMs,
  });
}
