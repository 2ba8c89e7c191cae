import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { readFailure } from "../api/failure.ts";
import { ErrorState } from "./error-state.tsx";

interface QueryViewProps<T> {
  readonly query: UseQueryResult<T, unknown>;
  readonly skeleton: ReactNode;
  /** "The runs could not be loaded" */
  readonly errorTitle: string;
  /** The query is what the page is about: without it there is no other heading. */
  readonly isPage?: boolean;
  readonly children: (data: T) => ReactNode;
}

/** What was loaded, or its skeleton, or why it could not be loaded and a way to try again. */
export function QueryView<T>({ query, skeleton, errorTitle, isPage = false, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error !== null) {
    return (
      <ErrorState
        heading={isPage ? "h1" : "h2"}
        title={errorTitle}
        message={readFailure(query.error).message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return skeleton;
}
