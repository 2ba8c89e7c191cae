import type { JsonObject } from "./json.ts";

/** Providers that have an adapter. */
export const providerIds = [
  "anthropic",
  "azure-anthropic",
  "bedrock",
  "vllm",
  "openai",
  "groq",
  "cerebras",
  "google",
] as const;
export type ProviderId = (typeof providerIds)[number];

export function isProviderId(text: string): text is ProviderId {
  return providerIds.some((id) => id === text);
}

/** Whose key pays for a call: the installation's own, or one that the workspace or its organization stored. Only the first is charged. */
export type KeySource = "platform" | "workspace" | "organization";

/**
 * Everything that varies a client. Two different credentials never share one. An address in a credential that is not
 * the platform's was named by a user: it is checked before every request.
 */
export type ProviderCredential = { readonly source: KeySource } & (
  | {
      readonly provider: "anthropic";
      readonly apiKey: string;
      /** Absent: the provider's own address. */
      readonly baseUrl?: string;
      /** Beta features, sent with every call. */
      readonly betas?: readonly string[];
    }
  | {
      readonly provider: "azure-anthropic";
      readonly apiKey: string;
      /** `https://<resource>.services.ai.azure.com/anthropic` */
      readonly baseUrl: string;
      /** The `anthropic-version` that the deployment speaks; absent: the SDK's. */
      readonly apiVersion?: string;
      readonly betas?: readonly string[];
    }
  | {
      readonly provider: "bedrock";
      /** `us-east-1`; the host is made from it. */
      readonly region: string;
      readonly identity: AwsIdentity;
      /** In place of the region's own address; the operator's only. */
      readonly baseUrl?: string;
    }
  | {
      readonly provider: "vllm";
      /** Null: the server asks for none. */
      readonly apiKey: string | null;
      readonly baseUrl: string;
    }
  | {
      /** OpenAI, and with `baseUrl` any server that speaks its chat completions. */
      readonly provider: "openai";
      readonly apiKey: string;
      readonly baseUrl?: string;
    }
  | { readonly provider: "groq"; readonly apiKey: string; readonly baseUrl?: string }
  | { readonly provider: "cerebras"; readonly apiKey: string; readonly baseUrl?: string }
  | { readonly provider: "google"; readonly apiKey: string; readonly baseUrl?: string }
);

export type AwsIdentity =
  | {
      readonly kind: "keys";
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    }
  /** What the process itself is: its role, its profile. The operator's only. */
  | { readonly kind: "default_chain" };

export type CredentialOf<Id extends ProviderId> = Extract<ProviderCredential, { provider: Id }>;

export type ContentPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly mediaType: ImageMediaType; readonly base64: string }
  | { readonly type: "pdf"; readonly base64: string };

export const imageMediaTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;
export type ImageMediaType = (typeof imageMediaTypes)[number];

export interface ToolDefinition {
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  readonly description: string;
  /** A JSON schema of type object. */
  readonly parameters: JsonObject;
}

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** As the model wrote them: JSON, unless the model erred. */
  readonly arguments: string;
}

export interface ToolResult {
  readonly callId: string;
  readonly name: string;
  readonly text: string;
  readonly isError: boolean;
}

export type Message =
  | { readonly role: "user"; readonly content: readonly ContentPart[] }
  | {
      readonly role: "assistant";
      readonly text: string;
      readonly toolCalls: readonly ToolCall[];
      /** Of the `Generation` that this message repeats; null when it comes from somewhere else. */
      readonly continuation: Continuation | null;
    }
  /** The results of all calls of the message before, in one. */
  | { readonly role: "tool"; readonly results: readonly ToolResult[] };

/** What a provider wants back in the next round of a tool conversation, such as signed thoughts. Others ignore it. */
export interface Continuation {
  readonly provider: ProviderId;
  /** JSON that only the adapter reads. */
  readonly data: unknown;
}

export interface GenerateRequest {
  readonly model: string;
  readonly system: string | null;
  /** The first is the user's. */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  /** `none`: the tools are there for the history's sake and must not be called. */
  readonly toolChoice: "auto" | "none";
  /**
   * Many calls share this system prompt and these tools: they are marked for the prompt cache of a provider that caches
   * what is marked. Others cache by themselves or not at all. A conversation with tools is always marked.
   */
  readonly cachePrompt: boolean;
  readonly temperature: number | null;
  readonly maxTokens: number;
  /** A JSON schema of type object; an answer that calls no tool must satisfy it. */
  readonly responseSchema: JsonObject | null;
}

/** Tokens of one call, as the provider counted them. */
export interface TokenUsage {
  /** Without those that were read from, or written to, the prompt cache. */
  readonly inputTokens: number;
  /** All of them, thoughts included. */
  readonly outputTokens: number;
  /** How many of the output were thoughts; 0 where the provider does not tell. */
  readonly reasoningTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

export type StopReason = "end" | "tool_calls" | "max_tokens" | "stop_sequence" | "refusal" | "other";

export interface Generation {
  readonly text: string;
  /** Parsed and validated against `responseSchema`; null when none was asked for or tools were called instead. */
  readonly json: unknown;
  readonly toolCalls: readonly ToolCall[];
  readonly continuation: Continuation | null;
  readonly model: string;
  readonly stopReason: StopReason;
  readonly usage: TokenUsage;
  /** What the call costs, in micro-dollars, rounded up. 0 when another key than the platform's paid. */
  readonly costMicros: number;
}

export type StreamPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_call"; readonly call: ToolCall }
  | { readonly type: "finish"; readonly generation: Generation };

/** Where a call was when it failed. */
export type CallPhase = "before_request" | "awaiting_response" | "streaming" | "validating";

export type ProviderErrorCode =
  | "UNPRICED_MODEL"
  | "ENDPOINT_NOT_ALLOWED"
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
  | "RESPONSE_TOO_LARGE"
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
