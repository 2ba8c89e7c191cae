import { classifyStoreFailure } from "@gantry/db";
import type { FastifyReply } from "fastify";
import { internalMessage, unavailableSentence } from "../trpc/format-failure.ts";

/** What a caller outside of tRPC is told when a request fails. */
export interface PublicError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
}

/** Sets the status, and when to come back. The body is for the caller's protocol to say. */
export function replyTo(reply: FastifyReply, { status, retryAfterSeconds }: PublicError): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header("retry-after", retryAfterSeconds);
  return reply.status(status);
}

export function errorBody({ code, message, details }: PublicError) {
  return { error: { code, message, details } };
}

/** The one place that turns something thrown into an answer. What is not known here is our fault, and stays in the log. */
export function publicErrorOf(thrown: unknown, requestId: string): PublicError {
  const status = statusOf(thrown);
  const known = status === null ? undefined : sentences[status];
  if (known !== undefined && status !== null) return { status, ...known, details: {} };
  if (status !== null && status >= 400 && status < 500) return { status, ...badRequest, details: {} };
  if (classifyStoreFailure(thrown) === "unavailable") return storeUnavailable;
  return {
    status: 500,
    code: "INTERNAL",
    message: internalMessage(requestId),
    details: { incident: requestId },
  };
}

export function notFoundError(message: string): PublicError {
  return { status: 404, code: "NOT_FOUND", message, details: {} };
}

export function badInputError(
  message: string,
  problems: readonly { readonly path: readonly (string | number)[]; readonly message: string }[],
): PublicError {
  return { status: 400, code: "BAD_REQUEST", message, details: { problems } };
}

/** An outage of the database: not the caller's fault, and not ours to mend before it ends. */
export const storeUnavailable: PublicError = {
  status: 503,
  code: "UNAVAILABLE",
  message: unavailableSentence,
  details: {},
  retryAfterSeconds: 1,
};

const badRequest = {
  code: "BAD_REQUEST",
  message: "The request could not be read. An address must be well-formed, and a body must be JSON.",
};

const sentences: Readonly<Record<number, { readonly code: string; readonly message: string }>> = {
  400: badRequest,
  // A path that leads out of what is served.
  403: { code: "FORBIDDEN", message: "There is nothing to see at this address." },
  413: { code: "PAYLOAD_TOO_LARGE", message: "A request's body may hold 10 MB at most." },
  414: { code: "ADDRESS_TOO_LONG", message: "The address of the request is too long." },
  415: {
    code: "UNSUPPORTED_MEDIA_TYPE",
    message: "Send the body as JSON, with the header Content-Type: application/json.",
  },
  503: { code: "SHUTTING_DOWN", message: "Gantry is shutting down. Try again in a moment." },
};

/** Fastify's own errors carry a status. */
function statusOf(thrown: unknown): number | null {
  if (!(thrown instanceof Error) || !("statusCode" in thrown)) return null;
  return typeof thrown.statusCode === "number" ? thrown.statusCode : null;
}
