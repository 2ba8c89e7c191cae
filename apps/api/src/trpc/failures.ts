import type { RefusedStart } from "@gantry/execution";
import { TRPCError } from "@trpc/server";
import { type InputProblem, PublicFailure } from "./public-failure.ts";

// Every way in which a procedure says no.

/** What is not visible does not exist. */
export function notFound(what: string): TRPCError {
  return new TRPCError({ code: "NOT_FOUND", message: `There is no such ${what}.` });
}

/** Both answers of a use case that deny. */
export function denied(kind: "not_found" | "forbidden", resource: string, action: string): TRPCError {
  if (kind === "not_found") return notFound(resource);
  return new TRPCError({ code: "FORBIDDEN", message: `You may not ${action}.` });
}

export function badInput(message: string, problems: readonly InputProblem[]): TRPCError {
  return failure("BAD_REQUEST", new PublicFailure(message, { problems }));
}

export function conflict(message: string, currentRevision: number): TRPCError {
  return failure("CONFLICT", new PublicFailure(message, { conflict: { currentRevision } }));
}

export function refused(outcome: Pick<RefusedStart, "refusal" | "decision" | "runId">): TRPCError {
  const { refusal, decision, runId } = outcome;
  return failure(
    codeOfStatus[refusal.status],
    new PublicFailure(refusal.message, { refusal, decision, runId }),
  );
}

function failure(code: TRPCError["code"], cause: PublicFailure): TRPCError {
  return new TRPCError({ code, message: cause.message, cause });
}

const codeOfStatus = {
  401: "UNAUTHORIZED",
  402: "PAYMENT_REQUIRED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  429: "TOO_MANY_REQUESTS",
  503: "SERVICE_UNAVAILABLE",
} as const satisfies Record<number, TRPCError["code"]>;
