import type { ErrorComponentProps } from "@tanstack/react-router";
import { readFailure } from "../api/failure.ts";
import { ErrorState } from "../ui/error-state.tsx";

/** What is left when a page cannot be drawn. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  return (
    <main className="flex min-h-[70dvh] items-center justify-center">
      <title>Error · Gantry</title>
      <ErrorState heading="h1" title="This page broke" message={readFailure(error).message} onRetry={reset} />
    </main>
  );
}
