import {
  AnthropicError,
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from "@anthropic-ai/sdk";
import type { CallPhase, ProviderErrorCode } from "../port.ts";
import { ProviderError } from "../provider-error.ts";
import { scrub } from "../scrub.ts";

/** What each code says, and whether the same call may be made again. A timeout may not: the provider may have billed it. */
const failures: Readonly<
  Record<ProviderErrorCode, { readonly retryable: boolean; readonly sentence: string }>
> = {
  UNPRICED_MODEL: { retryable: false, sentence: "This model has no price here." },
  INVALID_REQUEST: { retryable: false, sentence: "Anthropic did not accept the request." },
  AUTHENTICATION_FAILED: { retryable: false, sentence: "Anthropic refused the key." },
  MODEL_NOT_FOUND: { retryable: false, sentence: "Anthropic does not know this model." },
  RATE_LIMITED: { retryable: true, sentence: "Anthropic's rate limit is reached." },
  OVERLOADED: { retryable: true, sentence: "Anthropic is overloaded." },
  SERVER_ERROR: { retryable: true, sentence: "Anthropic failed to answer." },
  CONNECTION_FAILED: { retryable: true, sentence: "No connection to Anthropic." },
  TIMED_OUT: { retryable: false, sentence: "Anthropic did not answer in time." },
  ABORTED: { retryable: false, sentence: "The call was cancelled." },
  INCOMPLETE_STREAM: { retryable: true, sentence: "The answer broke off before its end." },
  INVALID_OUTPUT: { retryable: false, sentence: "The answer does not satisfy the response schema." },
};

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

export interface FailedCall {
  readonly phase: CallPhase;
  readonly apiKey: string;
  readonly aborted: boolean;
  /** A part of the answer was delivered. */
  readonly answerBegan: boolean;
  readonly billed: Pick<ProviderError, "usage" | "costMicros">;
  readonly now: () => number;
}

/** The one place where a failure of the SDK, the connection or the stream becomes a `ProviderError`. */
export function providerError(error: unknown, call: FailedCall): ProviderError {
  if (error instanceof ProviderError) return error;
  const code = codeOf(error, call);
  const said = error instanceof APIError ? error.apiMessage : null;
  return failure(code, {
    phase: call.phase,
    detail: said === null ? null : `It says: ${scrub(said, call.apiKey)}`,
    // A call whose answer has begun to arrive would be billed a second time.
    retryable: failures[code].retryable && !call.answerBegan,
    retryAfterMs: error instanceof APIError ? retryAfterMs(error.headers, call.now) : null,
    ...call.billed,
    cause: safeCause(error, call.apiKey),
  });
}

/** A failure that this side decides on. */
export function failure(
  code: ProviderErrorCode,
  fields: {
    readonly phase: CallPhase;
    readonly detail: string | null;
    readonly retryable?: boolean;
  } & Partial<Pick<ProviderError, "retryAfterMs" | "usage" | "costMicros" | "cause">>,
): ProviderError {
  const { detail, ...others } = fields;
  const { sentence, retryable } = failures[code];
  return new ProviderError({
    retryable,
    ...others,
    provider: "anthropic",
    code,
    message: detail === null ? sentence : `${sentence} ${detail}`,
  });
}

function codeOf(error: unknown, call: FailedCall): ProviderErrorCode {
  if (call.aborted || error instanceof APIUserAbortError) return "ABORTED";
  if (isSocketTimeout(error) || error instanceof APIConnectionTimeoutError) return "TIMED_OUT";
  if (call.phase === "streaming" && !(error instanceof APIError)) return "INCOMPLETE_STREAM";
  if (error instanceof APIConnectionError) return "CONNECTION_FAILED";
  if (error instanceof APIError) {
    const byType = error.type === null ? undefined : codeByType[error.type];
    const byStatus = error.status === undefined ? undefined : codeByStatus[error.status];
    return (
      byType ??
      byStatus ??
      (error.status !== undefined && error.status < 500 ? "INVALID_REQUEST" : "SERVER_ERROR")
    );
  }
  if (error instanceof AnthropicError) return "INVALID_REQUEST";
  throw error;
}

/** The pool's own timeouts reach a reader of the body as the cause of fetch's "terminated". */
function isSocketTimeout(error: unknown): boolean {
  const code = causeCode(error);
  return code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT";
}

/** The first code along the chain of causes: the SDK wraps fetch's error, and fetch that of the socket. */
function causeCode(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return null;
}

/** The SDK's errors carry response headers and bodies; a log must not. */
function safeCause(error: unknown, apiKey: string): Error {
  if (!(error instanceof Error)) return new Error("unknown");
  const code = causeCode(error);
  const message = scrub(error.message, apiKey);
  const cause = new Error(code === null ? message : `${message} (${code})`);
  cause.name = error.name;
  return cause;
}

function retryAfterMs(headers: Headers | undefined, now: () => number): number | null {
  const value = headers?.get("retry-after");
  if (value == null) return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - now();
  return Number.isFinite(ms) ? Math.max(0, Math.ceil(ms)) : null;
}
