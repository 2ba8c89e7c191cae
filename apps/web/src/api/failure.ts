import type { AppRouter } from "@gantry/api";
import { TRPCClientError } from "@trpc/client";
import type { Decision, Refusal } from "./types.ts";

export interface InputProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What went wrong with a call, ready to be shown. */
export interface Failure {
  /** HTTP status; null when no answer came at all. */
  readonly status: number | null;
  readonly message: string;
  readonly refusal: Refusal | null;
  readonly decision: Decision | null;
  readonly runId: string | null;
  readonly problems: readonly InputProblem[];
  readonly conflict: { readonly currentRevision: number } | null;
}

const nothing = { refusal: null, decision: null, runId: null, problems: [], conflict: null };

export function readFailure(error: unknown): Failure {
  if (!isApiError(error)) {
    return {
      ...nothing,
      status: null,
      message: "Something went wrong in this page. Reload it and try again.",
    };
  }
  const { data } = error;
  if (data === undefined || data === null) {
    return { ...nothing, status: null, message: "Gantry did not answer. Check that the server is running." };
  }
  return {
    status: data.httpStatus,
    message: error.message,
    refusal: data.refusal,
    decision: data.decision,
    runId: data.runId,
    problems: data.problems ?? [],
    conflict: data.conflict,
  };
}

function isApiError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}
