import { classifyStoreFailure } from "@gantry/db";
import type { TRPCError } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { ZodError } from "zod";
import { type FailureDetails, noDetails, PublicFailure } from "./public-failure.ts";

interface Shape {
  readonly message: string;
  readonly code: number;
  readonly data: { readonly code: TRPCError["code"]; readonly httpStatus: number; readonly path?: string };
}

/** What a failed call answers: a public sentence and details; never a stack, never a driver's message. */
export function formatFailure<S extends Shape>(shape: S, error: TRPCError, requestId: string | null) {
  const { stack: _, ...data }: S["data"] & { stack?: unknown } = shape.data;
  if (isStoreOutage(error)) {
    const code = "SERVICE_UNAVAILABLE" as const;
    const outage = { ...data, ...noDetails, code, httpStatus: 503 };
    return { ...shape, code: TRPC_ERROR_CODES_BY_KEY[code], message: unavailableSentence, data: outage };
  }
  const { message, details } = publicPart(error, requestId);
  return { ...shape, message, data: { ...data, ...details } };
}

export const unavailableSentence = "Gantry's database does not answer right now. Try again in a moment.";

/** Whether a call failed because the database is away. What a procedure answers by itself never is that. */
export function isStoreOutage(error: TRPCError): boolean {
  return error.code === "INTERNAL_SERVER_ERROR" && classifyStoreFailure(error.cause) === "unavailable";
}

function publicPart(
  error: TRPCError,
  requestId: string | null,
): { message: string; details: FailureDetails } {
  const { cause } = error;
  if (cause instanceof PublicFailure) return { message: cause.message, details: cause.details };
  if (cause instanceof ZodError) {
    return { message: "The input is not valid.", details: { ...noDetails, problems: problemsOf(cause) } };
  }
  if (error.code === "INTERNAL_SERVER_ERROR") {
    return { message: internalMessage(requestId), details: noDetails };
  }
  if (error.code === "PARSE_ERROR" || cause instanceof SyntaxError) {
    return { message: "The request is not well-formed JSON.", details: noDetails };
  }
  return { message: error.message, details: noDetails };
}

/** The log tells the rest under the same name. */
export function internalMessage(requestId: string | null): string {
  const incident = requestId === null ? "" : ` The incident is ${requestId}.`;
  return `Something went wrong on our side.${incident}`;
}

/** Every problem, also those of the alternatives of a union. */
export function problemsOf(error: ZodError): { path: (string | number)[]; message: string }[] {
  return error.issues.map(({ path, message }) => ({
    path: path.map((key) => (typeof key === "symbol" ? String(key) : key)),
    message,
  }));
}
