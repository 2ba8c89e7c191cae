import {
  AnthropicError,
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from "@anthropic-ai/sdk";
import type { SdkFailure } from "../adapter.ts";
import { retryAfterMs } from "../failures.ts";
import type { ProviderErrorCode } from "../port.ts";

const codeByType: Readonly<Record<string, ProviderErrorCode>> = {
  invalid_request_error: "INVALID_REQUEST",
  request_too_large: "INVALID_REQUEST",
  authentication_error: "AUTHENTICATION_FAILED",
  permission_error: "AUTHENTICATION_FAILED",
  billing_error: "AUTHENTICATION_FAILED",
  not_found_error: "MODEL_NOT_FOUND",
  rate_limit_error: "RATE_LIMITED",
  overloaded_error: "OVERLOADED",
  timeout_error: "SERVER_ERROR",
  api_error: "SERVER_ERROR",
};

const codeByStatus: Readonly<Record<number, ProviderErrorCode>> = {
  401: "AUTHENTICATION_FAILED",
  402: "AUTHENTICATION_FAILED",
  403: "AUTHENTICATION_FAILED",
  404: "MODEL_NOT_FOUND",
  429: "RATE_LIMITED",
  529: "OVERLOADED",
};

/** What an error of Anthropic's SDK means: by the name in its body, where there is none by its status. */
export function readAnthropicFailure(error: unknown, now: () => number): SdkFailure | null {
  if (error instanceof APIUserAbortError) return silent("ABORTED");
  if (error instanceof APIConnectionTimeoutError) return silent("TIMED_OUT");
  if (error instanceof APIConnectionError) return silent("CONNECTION_FAILED");
  if (error instanceof APIError) {
    return {
      code: codeOf(error.type, error.status),
      said: error.apiMessage,
      retryAfterMs: retryAfterMs(error.headers?.get("retry-after"), now),
    };
  }
  return error instanceof AnthropicError ? silent("INVALID_REQUEST") : null;
}

function codeOf(type: string | null, status: number | undefined): ProviderErrorCode {
  const byType = type === null ? undefined : codeByType[type];
  const byStatus = status === undefined ? undefined : codeByStatus[status];
  return byType ?? byStatus ?? (status !== undefined && status < 500 ? "INVALID_REQUEST" : "SERVER_ERROR");
}

function silent(code: ProviderErrorCode): SdkFailure {
  return { code, said: null, retryAfterMs: null };
}
