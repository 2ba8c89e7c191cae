import type {
  CredentialOf,
  GenerateRequest,
  ProviderErrorCode,
  ProviderId,
  StopReason,
  TokenUsage,
  ToolCall,
} from "./port.ts";
import type { Transport } from "./transport.ts";

/**
 * What one provider needs besides what all have in common: how a client of its SDK is made, how a request is put to it,
 * how its stream is read, and what its errors mean. Money, schemas, leases, time limits and the making of errors are not
 * an adapter's: see `createModelProvider`.
 */
export interface Adapter<Id extends ProviderId> {
  readonly provider: Id;
  /** As sentences name it: "Anthropic". */
  readonly name: string;
  /** Every part of the credential that varies a client, in a fixed order; absent ones are null. */
  identityOf(credential: CredentialOf<Id>): readonly (string | null)[];
  /** Opens nothing yet. */
  createClient(credential: CredentialOf<Id>, transport: Transport): AdapterClient;
  /** What an error of the SDK means; null for one that is not the SDK's, such as a lost connection. */
  readFailure(error: unknown, now: () => number): SdkFailure | null;
}

/** A client of an SDK, bound to one credential. */
export interface AdapterClient {
  /**
   * One request, always streamed: an answer that is not gives no sign of life for minutes, and nothing could tell it from
   * a dead connection. Throws `InvalidRequest` for what this provider cannot be asked, before anything is sent. The
   * events end with `end`, when and only when the wire said so; where the stream stops without it, they just stop.
   */
  stream(request: GenerateRequest, signal: AbortSignal): AsyncIterable<AnswerEvent>;
}

/** What all wires tell. */
export type AnswerEvent =
  /** The provider has taken the request: from here on the prompt may be billed. */
  | { readonly type: "begin"; readonly model: string | null }
  | { readonly type: "text"; readonly text: string }
  /** A part of the answer that is not shown but billed: thoughts, or a tool call that is still being written. */
  | { readonly type: "hidden"; readonly bytes: number }
  | { readonly type: "tool_call"; readonly call: ToolCall }
  /** Everything counted so far, not what came on top. */
  | { readonly type: "usage"; readonly usage: TokenUsage }
  | {
      readonly type: "end";
      readonly stopReason: StopReason;
      /** For the next round: see `Continuation`. */
      readonly continuation?: unknown;
    };

export interface SdkFailure {
  readonly code: ProviderErrorCode;
  /** The provider's own words, as they came; they are scrubbed and cut before they are shown. */
  readonly said: string | null;
  /** Milliseconds that the provider asked us to wait. */
  readonly retryAfterMs: number | null;
}

/** A request that the provider cannot be asked. `message` is a sentence for the workflow's author. */
export class InvalidRequest extends Error {
  override readonly name = "InvalidRequest";
}
