import { EgressRefused } from "@gantry/egress";
import { InvalidRequest, type SdkFailure } from "./adapter.ts";
import { EventTooLong } from "./event-too-long.ts";
import type { CallPhase, ProviderErrorCode, ProviderId } from "./port.ts";
import { ProviderError } from "./provider-error.ts";
import { scrub } from "./scrub.ts";

/** What each code says, and whether the same call may be made again. A timeout may not: the provider may have billed it. */
const failures: Readonly<
  Record<ProviderErrorCode, { readonly retryable: boolean; readonly sentence: (name: string) => string }>
> = {
  UNPRICED_MODEL: { retryable: false, sentence: () => "This model has no price here." },
  ENDPOINT_NOT_ALLOWED: { retryable: false, sentence: () => "The key's address cannot be called." },
  INVALID_REQUEST: { retryable: false, sentence: (name) => `${name} did not accept the request.` },
  AUTHENTICATION_FAILED: { retryable: false, sentence: (name) => `${name} refused the key.` },
  MODEL_NOT_FOUND: { retryable: false, sentence: (name) => `${name} does not know this model.` },
  RATE_LIMITED: { retryable: true, sentence: (name) => `The rate limit of ${name} is reached.` },
  OVERLOADED: { retryable: true, sentence: (name) => `${name} is overloaded.` },
  SERVER_ERROR: { retryable: true, sentence: (name) => `${name} failed to answer.` },
  CONNECTION_FAILED: { retryable: true, sentence: (name) => `No connection to ${name}.` },
  TIMED_OUT: { retryable: false, sentence: (name) => `${name} did not answer in time.` },
  ABORTED: { retryable: false, sentence: () => "The call was cancelled." },
  INCOMPLETE_STREAM: { retryable: true, sentence: () => "The answer broke off before its end." },
  RESPONSE_TOO_LARGE: { retryable: false, sentence: () => "The answer is larger than is read here." },
  INVALID_OUTPUT: { retryable: false, sentence: () => "The answer does not satisfy the response schema." },
};

export interface Caller {
  readonly provider: ProviderId;
  readonly name: string;
}

export interface FailedCall {
  readonly phase: CallPhase;
  /** What must not be seen in a message. */
  readonly secrets: readonly string[];
  readonly aborted: boolean;
  /** A part of the answer was delivered. */
  readonly answerBegan: boolean;
  readonly billed: Pick<ProviderError, "usage" | "costMicros">;
  /** As the adapter reads the error; null when it is none of its SDK's. */
  readonly said: SdkFailure | null;
}

/** The one place where a failure of an SDK, the connection or the stream becomes a `ProviderError`. */
export function providerError(error: unknown, caller: Caller, call: FailedCall): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof InvalidRequest) {
    return failure("INVALID_REQUEST", caller, { phase: "before_request", detail: error.message });
  }
  const refused = causeOf(error, EgressRefused);
  if (refused !== null && !call.aborted) {
    const unanswered = refused.failure === "DNS_FAILED" || refused.failure === "CONNECTION_FAILED";
    const code = unanswered ? "CONNECTION_FAILED" : "ENDPOINT_NOT_ALLOWED";
    return failure(code, caller, { phase: "before_request", detail: `${refused.message}.` });
  }
  const code = codeOf(error, call);
  const words = call.said?.said ?? null;
  return failure(code, caller, {
    phase: call.phase,
    detail: words === null ? null : `It says: ${scrub(words, call.secrets)}`,
    // A call whose answer has begun to arrive would be billed a second time.
    retryable: failures[code].retryable && !call.answerBegan,
    retryAfterMs: call.said?.retryAfterMs ?? null,
    ...call.billed,
    cause: safeCause(error, call.secrets),
  });
}

/** The stream ended politely, but without what closes an answer. */
export class IncompleteStream extends Error {
  override readonly name = "IncompleteStream";
  constructor() {
    super("The stream ended without its last event.");
  }
}

/** A failure that this side decides on. */
export function failure(
  code: ProviderErrorCode,
  caller: Caller,
  fields: {
    readonly phase: CallPhase;
    readonly detail: string | null;
    readonly retryable?: boolean;
  } & Partial<Pick<ProviderError, "retryAfterMs" | "usage" | "costMicros" | "cause">>,
): ProviderError {
  const { detail, ...others } = fields;
  const { sentence, retryable } = failures[code];
  const said = sentence(caller.name);
  return new ProviderError({
    retryable,
    ...others,
    provider: caller.provider,
    code,
    message: detail === null ? said : `${said} ${detail}`,
  });
}

/** Of the pool and of the sockets below it, whichever SDK is in between. */
const codeByCause: Readonly<Record<string, ProviderErrorCode>> = {
  UND_ERR_HEADERS_TIMEOUT: "TIMED_OUT",
  UND_ERR_BODY_TIMEOUT: "TIMED_OUT",
  UND_ERR_RES_EXCEEDED_MAX_SIZE: "RESPONSE_TOO_LARGE",
};

function codeOf(error: unknown, call: FailedCall): ProviderErrorCode {
  if (call.aborted) return "ABORTED";
  const cause = causeCode(error);
  const known = cause === null ? undefined : codeByCause[cause];
  if (known !== undefined) return known;
  if (causeOf(error, EventTooLong) !== null) return "RESPONSE_TOO_LARGE";
  if (call.said !== null) return call.said.code;
  if (call.phase === "streaming" || error instanceof IncompleteStream) return "INCOMPLETE_STREAM";
  // fetch wraps whatever happened to a socket in a TypeError.
  if (cause !== null || error instanceof TypeError) return "CONNECTION_FAILED";
  throw error;
}

/** The first code along the chain of causes: an SDK wraps fetch's error, and fetch that of the socket. */
export function causeCode(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return null;
}

/** An SDK wraps what its `fetch` threw. */
function causeOf<E extends Error>(error: unknown, kind: abstract new (...args: never[]) => E): E | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof kind) return cause;
  }
  return null;
}

/** The SDKs' errors carry response headers and bodies; a log must not. */
function safeCause(error: unknown, secrets: readonly string[]): Error {
  if (!(error instanceof Error)) return new Error("unknown");
  const code = causeCode(error);
  const message = scrub(error.message, secrets);
  const cause = new Error(code === null ? message : `${message} (${code})`);
  cause.name = error.name;
  return cause;
}

/** `retry-after` in seconds or as a date; milliseconds from now. */
export function retryAfterMs(value: string | null | undefined, now: () => number): number | null {
  if (value == null) return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - now();
  return Number.isFinite(ms) ? Math.max(0, Math.ceil(ms)) : null;
}
