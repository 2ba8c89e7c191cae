import type { ProviderError, ProviderErrorCode } from "@gantry/providers";
import type { BlockError, BlockErrorCode } from "../../events.ts";

/** A model call without an answer. */
export interface CallFailure {
  readonly error: BlockError;
  /** Null: the same call is not made again. `afterMs`: how long the provider asks to wait; null when it does not say. */
  readonly again: { readonly afterMs: number | null } | null;
  /** Whether the next model of the block may be asked instead. */
  readonly elsewhere: boolean;
}

/** One that no further call may follow. */
export function finalFailure(error: BlockError): CallFailure {
  return { error, again: null, elsewhere: false };
}

/**
 * What a provider's error means for the calls after it. Nothing follows a call of which something was delivered or that
 * the platform's key has paid for: a block without tools is charged for one call at most, as its bound says.
 */
export function providerFailure(
  error: ProviderError,
  call: { readonly delivered: boolean; readonly aborted: boolean },
): CallFailure {
  const { retryable, message } = error;
  const { code, elsewhere } = meanings[error.code];
  // The provider may abort a call on its own; only ours is a cancellation.
  const told = {
    code: code === "CANCELLED" && !call.aborted ? "PROVIDER_FAILED" : code,
    message,
    retryable,
  } as const;
  if (call.aborted || call.delivered || error.costMicros > 0) return finalFailure(told);
  return { error: told, again: retryable ? { afterMs: error.retryAfterMs } : null, elsewhere };
}

/** `elsewhere`: another model, another provider or another key may not have it. */
const meanings: Readonly<
  Record<ProviderErrorCode, { readonly code: BlockErrorCode; readonly elsewhere: boolean }>
> = {
  UNPRICED_MODEL: { code: "MODEL_UNPRICED", elsewhere: true },
  ENDPOINT_NOT_ALLOWED: { code: "ADDRESS_REFUSED", elsewhere: false },
  INVALID_REQUEST: { code: "PROVIDER_FAILED", elsewhere: false },
  AUTHENTICATION_FAILED: { code: "PROVIDER_FAILED", elsewhere: true },
  MODEL_NOT_FOUND: { code: "PROVIDER_FAILED", elsewhere: true },
  RATE_LIMITED: { code: "PROVIDER_FAILED", elsewhere: true },
  OVERLOADED: { code: "PROVIDER_FAILED", elsewhere: true },
  SERVER_ERROR: { code: "PROVIDER_FAILED", elsewhere: true },
  CONNECTION_FAILED: { code: "PROVIDER_FAILED", elsewhere: true },
  TIMED_OUT: { code: "PROVIDER_FAILED", elsewhere: true },
  ABORTED: { code: "CANCELLED", elsewhere: false },
  INCOMPLETE_STREAM: { code: "PROVIDER_FAILED", elsewhere: true },
  RESPONSE_TOO_LARGE: { code: "RESPONSE_TOO_LARGE", elsewhere: false },
  INVALID_OUTPUT: { code: "OUTPUT_INVALID", elsewhere: false },
};
