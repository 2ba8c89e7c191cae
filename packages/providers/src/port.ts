import type { JsonObject } from "./json.ts";

/** Providers that have an adapter. */
export const providerIds = ["anthropic"] as const;
export type ProviderId = (typeof providerIds)[number];

export function isProviderId(text: string): text is ProviderId {
  return providerIds.some((id) => id === text);
}

/** Whose key pays for a call: the installation's own, or one that the workspace or its organization stored. Only the first is charged. */
export type KeySource = "platform" | "workspace" | "organization";

/** Everything that varies a client. Two different credentials never share one. */
export interface ProviderCredential {
  readonly provider: ProviderId;
  readonly apiKey: string;
  /** Absent: the provider's own address. */
  readonly baseUrl?: string;
  readonly source: KeySource;
}

export interface GenerateRequest {
  readonly model: string;
  readonly system: string | null;
  readonly prompt: string;
  readonly temperature: number | null;
  readonly maxTokens: number;
  /** A JSON schema of type object; the answer must satisfy it. */
  readonly responseSchema: JsonObject | null;
}

/** Tokens of one call, as the provider counted them. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export type StopReason = "end" | "max_tokens" | "stop_sequence" | "refusal" | "other";

export interface Generation {
  readonly text: string;
  /** Parsed and validated against `responseSchema`; null when none was asked for. */
  readonly json: unknown;
  readonly model: string;
  readonly stopReason: StopReason;
  readonly usage: TokenUsage;
  /** What the call costs, in micro-dollars, rounded up. 0 when another key than the platform's paid. */
  readonly costMicros: number;
}

export type StreamPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "finish"; readonly generation: Generation };

/** Where a call was when it failed. */
export type CallPhase = "before_request" | "awaiting_response" | "streaming" | "validating";

export type ProviderErrorCode =
  | "UNPRICED_MODEL"
  | "INVALID_REQUEST"
  | "AUTHENTICATION_FAILED"
  | "MODEL_NOT_FOUND"
  | "RATE_LIMITED"
  | "OVERLOADED"
  | "SERVER_ERROR"
  | "CONNECTION_FAILED"
  | "TIMED_OUT"
  | "ABORTED"
  | "INCOMPLETE_STREAM"
  | "INVALID_OUTPUT";

/**
 * One adapter per provider implements this. Failures are thrown as `ProviderError`. One attempt per call: nothing is billed twice unless
 * the caller repeats it. Once the signal is aborted the connection is dropped and the call fails with `ABORTED`.
 */
export interface ModelProvider {
  /**
   * The most that a call is charged for, in micro-dollars, before it is made: 0 when another key than the platform's
   * pays. `promptBytes` counts the UTF-8 bytes of all that is sent, `maxTokens` bounds the answer, thoughts included.
   */
  boundMicros(call: {
    readonly model: string;
    readonly source: KeySource;
    readonly promptBytes: number;
    readonly maxTokens: number;
  }): number;
  generate(
    credential: ProviderCredential,
    request: GenerateRequest,
    signal: AbortSignal,
  ): Promise<Generation>;
  /** Ends with exactly one `finish` part, or throws. */
  stream(
    credential: ProviderCredential,
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncIterable<StreamPart>;
}

export type Providers = Readonly<Record<ProviderId, ModelProvider>>;
