import type { CallPhase, ProviderErrorCode, ProviderId, TokenUsage } from "./port.ts";

/** A call to a provider that did not end in a usable answer. `message` is safe to show to the workflow's owner. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly provider: ProviderId;
  readonly code: ProviderErrorCode;
  readonly phase: CallPhase;
  /** The same call may succeed later, and nothing of an answer has been delivered that would be billed twice. */
  readonly retryable: boolean;
  /** What the provider asked us to wait; null when it did not say. */
  readonly retryAfterMs: number | null;
  /**
   * Tokens that were billed although the call failed; null when none are known. The output of an answer that broke off is estimated
   * from what arrived, because providers count it at the end only.
   */
  readonly usage: TokenUsage | null;
  /** What that costs, in micro-dollars. 0 when nothing is known or the workspace's own key paid. */
  readonly costMicros: number;

  constructor(fields: {
    provider: ProviderId;
    code: ProviderErrorCode;
    phase: CallPhase;
    message: string;
    retryable: boolean;
    retryAfterMs?: number | null;
    usage?: TokenUsage | null;
    costMicros?: number;
    cause?: unknown;
  }) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.provider = fields.provider;
    this.code = fields.code;
    this.phase = fields.phase;
    this.retryable = fields.retryable;
    this.retryAfterMs = fields.retryAfterMs ?? null;
    this.usage = fields.usage ?? null;
    this.costMicros = fields.costMicros ?? 0;
  }
}
