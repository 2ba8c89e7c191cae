import { ApiError } from "@google/genai/web";
import { z } from "zod";
import type { SdkFailure } from "../adapter.ts";
import type { ProviderErrorCode } from "../port.ts";
import { UnusableAnswer } from "./unusable-answer.ts";

const codeByStatus: Readonly<Record<string, ProviderErrorCode>> = {
  UNAUTHENTICATED: "AUTHENTICATION_FAILED",
  PERMISSION_DENIED: "AUTHENTICATION_FAILED",
  NOT_FOUND: "MODEL_NOT_FOUND",
  RESOURCE_EXHAUSTED: "RATE_LIMITED",
  UNAVAILABLE: "OVERLOADED",
  INTERNAL: "SERVER_ERROR",
  UNKNOWN: "SERVER_ERROR",
  CANCELLED: "SERVER_ERROR",
  DEADLINE_EXCEEDED: "SERVER_ERROR",
};

/** For what stands between Google and here, and answers without a status of Google's. */
const codeByHttpStatus: Readonly<Record<number, ProviderErrorCode>> = {
  401: "AUTHENTICATION_FAILED",
  403: "AUTHENTICATION_FAILED",
  404: "MODEL_NOT_FOUND",
  429: "RATE_LIMITED",
  503: "OVERLOADED",
};

const detail = z.object({ reason: z.string().optional(), retryDelay: z.string().optional() });
const googleError = z.object({
  error: z.object({
    message: z.string().optional(),
    status: z.string().optional(),
    details: z.array(detail).optional(),
  }),
});
type GoogleError = z.infer<typeof googleError>["error"];

/** What an error of Google's SDK means. The SDK puts the body of a refusal, or an error that came within a stream, into the message. */
export function readGoogleFailure(error: unknown): SdkFailure | null {
  if (error instanceof UnusableAnswer)
    return { code: "SERVER_ERROR", said: error.message, retryAfterMs: null };
  if (!(error instanceof ApiError)) return null;
  const told = bodyIn(error.message);
  return {
    code: codeOf(told, error.status),
    said: told?.message ?? null,
    retryAfterMs: retryAfterMs(told),
  };
}

/** The body is an object, or a list with one object where the API did not get as far as to see that a stream was asked for. */
function bodyIn(message: string): GoogleError | null {
  try {
    const body: unknown = JSON.parse(message.slice(message.indexOf("{"), message.lastIndexOf("}") + 1));
    const parsed = googleError.safeParse(body);
    return parsed.success ? parsed.data.error : null;
  } catch {
    return null;
  }
}

/** A wrong key is an invalid argument to Google: only the details tell. */
function codeOf(told: GoogleError | null, httpStatus: number): ProviderErrorCode {
  if (told?.details?.some(({ reason }) => reason?.startsWith("API_KEY_") === true)) {
    return "AUTHENTICATION_FAILED";
  }
  const byName = told?.status === undefined ? undefined : codeByStatus[told.status];
  return byName ?? codeByHttpStatus[httpStatus] ?? (httpStatus < 500 ? "INVALID_REQUEST" : "SERVER_ERROR");
}

/** `retryDelay` is a duration such as `2.5s`; no header says when to come back. */
function retryAfterMs(told: GoogleError | null): number | null {
  for (const { retryDelay } of told?.details ?? []) {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(retryDelay ?? "")?.[1];
    if (seconds !== undefined) return Math.ceil(Number(seconds) * 1_000);
  }
  return null;
}
