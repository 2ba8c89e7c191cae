import type { Refusal, WrittenRefusal } from "../wire.ts";

const statusNames: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  408: "DEADLINE_EXCEEDED",
  429: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** A refusal as Google's APIs write it. When to retry stands in the body's details, not in a header. */
export function refuseGemini(refusal: Refusal): WrittenRefusal {
  const { status, message, type = null, details = [] } = written(refusal);
  const retryAfterSeconds = "retryAfterSeconds" in refusal ? refusal.retryAfterSeconds : null;
  const retry =
    retryAfterSeconds === null
      ? []
      : [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${retryAfterSeconds}s` }];
  return { status, headers: {}, body: errorBody(status, type, message, [...details, ...retry]) };
}

/** `type`: the name of the status; null: the usual one. */
export function errorBody(
  code: number,
  type: string | null,
  message: string,
  details: readonly unknown[] = [],
) {
  const status = type ?? statusNames[code] ?? "UNKNOWN";
  return { error: { code, message, status, ...(details.length === 0 ? {} : { details }) } };
}

interface GeminiError {
  readonly status: number;
  readonly message: string;
  readonly type?: string | null;
  readonly details?: readonly unknown[];
}

function written(refusal: Refusal): GeminiError {
  switch (refusal.kind) {
    case "no_key":
      return {
        status: 403,
        message: "Method doesn't allow unregistered callers (callers without established identity).",
      };
    case "bad_key":
      // Not a 401, nor a 403: a wrong key is an invalid argument to Google.
      return {
        status: 400,
        message: "API key not valid. Please pass a valid API key.",
        details: [
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason: "API_KEY_INVALID",
            domain: "googleapis.com",
          },
        ],
      };
    case "too_large":
      return { status: 400, message: "Request payload size exceeds the limit." };
    case "not_json":
      return { status: 400, message: "Invalid JSON payload received." };
    case "bad_request":
      return { status: 400, message: refusal.message };
    case "unknown_model":
      return {
        status: 404,
        message: `models/${refusal.model} is not found for API version v1beta, or is not supported for generateContent.`,
      };
    case "not_found":
      return { status: 404, message: refusal.message };
    case "internal":
      return { status: 500, message: refusal.message };
    case "overloaded":
      return { status: 503, message: "The model is overloaded. Please try again later." };
    case "asked":
      return { status: refusal.status, message: refusal.message, type: refusal.type };
  }
}
