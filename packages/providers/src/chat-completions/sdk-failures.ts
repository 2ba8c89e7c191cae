import type { SdkFailure } from "../adapter.ts";
import { retryAfterMs } from "../failures.ts";
import type { ProviderErrorCode } from "../port.ts";
import { UnreadableChunk } from "./chat-chunk.ts";
import { failureOfTold, StreamedError, toldError } from "./told-error.ts";

type ErrorClass<E extends Error> = abstract new (...args: never[]) => E;
type SdkHeaders = Headers | Readonly<Record<string, string | null | undefined>> | undefined;

interface ApiError extends Error {
  readonly status: number | undefined;
  readonly headers: SdkHeaders;
  /** The body; OpenAI's SDK gives what is under its `error`. */
  readonly error: unknown;
}

/** The error classes of an SDK; each of the three has its own, alike in everything. */
export interface SdkErrors {
  readonly APIError: ErrorClass<ApiError>;
  readonly APIConnectionError: ErrorClass<Error>;
  readonly APIConnectionTimeoutError: ErrorClass<Error>;
  readonly APIUserAbortError: ErrorClass<Error>;
}

/** What an error means that one of these SDKs throws, or that its stream holds. */
export function failureReader(sdk: SdkErrors): (error: unknown, now: () => number) => SdkFailure | null {
  return (error, now) => {
    if (error instanceof StreamedError) return failureOfTold(error.told, null, null);
    if (error instanceof UnreadableChunk) return { ...silent("SERVER_ERROR"), said: error.message };
    if (error instanceof sdk.APIUserAbortError) return silent("ABORTED");
    if (error instanceof sdk.APIConnectionTimeoutError) return silent("TIMED_OUT");
    if (error instanceof sdk.APIConnectionError) return silent("CONNECTION_FAILED");
    if (error instanceof sdk.APIError) {
      const told = toldError(error.error ?? error.message);
      return failureOfTold(told, error.status ?? null, headersWait(error.headers, now));
    }
    return null;
  };
}

function headersWait(headers: SdkHeaders, now: () => number): number | null {
  const ms = Number(header(headers, "retry-after-ms") ?? Number.NaN);
  return Number.isFinite(ms) && ms >= 0 ? Math.ceil(ms) : retryAfterMs(header(headers, "retry-after"), now);
}

function header(headers: SdkHeaders, name: string): string | null {
  return (headers instanceof Headers ? headers.get(name) : headers?.[name]) ?? null;
}

function silent(code: ProviderErrorCode): SdkFailure {
  return { code, said: null, retryAfterMs: null };
}
