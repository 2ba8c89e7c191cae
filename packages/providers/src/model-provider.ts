import { setImmediate as nextTurn } from "node:timers/promises";
import type { Adapter, AdapterClient } from "./adapter.ts";
import { createAnswerReader, type FinishedAnswer } from "./answer.ts";
import type { ClientLease, ClientLife, ClientMemo, OwnedClient } from "./client-memo.ts";
import { type Caller, failure, IncompleteStream, providerError } from "./failures.ts";
import { compileOutputSchema, type OutputSchema } from "./output-schema.ts";
import type {
  CallPhase,
  CredentialOf,
  GenerateRequest,
  Generation,
  ModelProvider,
  ProviderCredential,
  ProviderId,
  StreamPart,
  TokenUsage,
} from "./port.ts";
import { callBoundMicros, costMicros } from "./prices/call-cost.ts";
import type { PriceTable } from "./prices/price-table.ts";
import { secretsOf } from "./secrets-of.ts";
import type { OwnedTransport, Transport } from "./transport.ts";

type Cost = (usage: TokenUsage) => number;
type UsableSchema = Extract<OutputSchema, { kind: "usable" }>;

export interface ModelProviderParts {
  readonly memo: ClientMemo<AdapterClient>;
  /** Over the process's connections: for addresses that are not a user's. */
  readonly shared: Transport;
  /** Opens connections of a client's own, to an address that a user named: checked anew for every request. */
  readonly openUserTransport: () => OwnedTransport;
  readonly prices: PriceTable;
  readonly now: () => number;
}

/**
 * What every provider has in common around its adapter: the price, the response schema, the client's lease, the answer
 * that is put together from events, and what an error means. One attempt per call: whoever retries knows what that may
 * cost. `life`: whether a client is worth keeping between calls; one with connections of its own always is.
 */
export function createModelProvider<Id extends ProviderId>(
  adapter: Adapter<Id>,
  life: ClientLife,
  parts: ModelProviderParts,
): ModelProvider {
  const { provider, name } = adapter;
  const caller: Caller = { provider, name };
  return {
    boundMicros: (call) => callBoundMicros(parts.prices, { provider, ...call }),
    generate,
    stream,
  };

  async function generate(
    credential: ProviderCredential,
    request: GenerateRequest,
    signal: AbortSignal,
  ): Promise<Generation> {
    for await (const part of stream(credential, request, signal)) {
      if (part.type === "finish") return part.generation;
    }
    throw new Error("The stream ended without its finish part.");
  }

  async function* stream(
    credential: ProviderCredential,
    request: GenerateRequest,
    signal: AbortSignal,
  ): AsyncGenerator<StreamPart, void, undefined> {
    const own = ownCredential(credential);
    const cost = costOf(own, request.model);
    const schema = request.responseSchema === null ? null : usableSchema(request.responseSchema);

    const reader = createAnswerReader(request);
    let phase: CallPhase = signal.aborted ? "before_request" : "awaiting_response";
    let lease: ClientLease<AdapterClient> | null = null;
    let generation: Generation;
    try {
      lease = leaseOf(own);
      // undici frees a connection one turn of the event loop after the answer's end: without this, a call that follows at once
      // opens a second one.
      await nextTurn();
      for await (const event of lease.client.stream(request, signal)) {
        phase = "streaming";
        reader.read(event);
        if (event.type === "text" && event.text !== "") yield { type: "text", text: event.text };
        if (event.type === "tool_call") yield { type: "tool_call", call: event.call };
      }
      // Some SDKs end their loop without a word when the signal is aborted or the stream is cut off between two events.
      const answer = reader.finished();
      if (answer === null) throw new IncompleteStream();
      phase = "validating";
      generation = generationOf(answer, request, schema, cost);
    } catch (error) {
      const usage = reader.usageSoFar();
      throw providerError(error, caller, {
        phase,
        secrets: secretsOf(credential),
        aborted: signal.aborted,
        answerBegan: reader.answerBegan(),
        billed: { usage, costMicros: usage === null ? 0 : cost(usage) },
        said: adapter.readFailure(error, parts.now),
      });
    } finally {
      lease?.release();
    }
    yield { type: "finish", generation };
  }

  function ownCredential(credential: ProviderCredential): CredentialOf<Id> {
    if (isOf(credential, provider)) return credential;
    throw new Error(`A credential of ${credential.provider} was given to ${provider}`);
  }

  function leaseOf(credential: CredentialOf<Id>) {
    const byUser = namesAddress(credential) && credential.source !== "platform";
    const identity = { credential, parts: adapter.identityOf(credential) };
    return parts.memo.lease(identity, byUser ? "kept" : life, () =>
      byUser ? ownedClient(credential, parts.openUserTransport()) : sharedClient(credential),
    );
  }

  function sharedClient(credential: CredentialOf<Id>): OwnedClient<AdapterClient> {
    return {
      client: adapter.createClient(credential, parts.shared),
      connections: () => null,
      close: () => undefined,
    };
  }

  function ownedClient(credential: CredentialOf<Id>, transport: OwnedTransport): OwnedClient<AdapterClient> {
    return {
      client: adapter.createClient(credential, transport),
      connections: () => transport.connections(),
      close: () => transport.close(),
    };
  }

  /** A key that is not the platform's is billed to its owner: nothing to charge, and nothing that needs a price. */
  function costOf(credential: ProviderCredential, model: string): Cost {
    if (credential.source !== "platform") return () => 0;
    const price = parts.prices.priceOf(provider, model);
    if (price !== "unpriced") return (usage) => costMicros(price, usage);
    throw failure("UNPRICED_MODEL", caller, {
      phase: "before_request",
      detail: `'${model}' can be called once the operator prices it.`,
    });
  }

  function usableSchema(schema: NonNullable<GenerateRequest["responseSchema"]>): UsableSchema {
    const compiled = compileOutputSchema(schema);
    if (compiled.kind === "usable") return compiled;
    throw failure("INVALID_REQUEST", caller, {
      phase: "before_request",
      detail: `The response schema cannot be used: ${compiled.problem}.`,
    });
  }

  function generationOf(
    answer: FinishedAnswer,
    request: GenerateRequest,
    schema: UsableSchema | null,
    cost: Cost,
  ): Generation {
    const { continuation, ...told } = answer;
    const billed = { usage: answer.usage, costMicros: cost(answer.usage) };
    let json: unknown = null;
    if (schema !== null && answer.toolCalls.length === 0) {
      const checked = schema.check(answer.text);
      if (checked.kind === "invalid") {
        throw failure("INVALID_OUTPUT", caller, {
          phase: "validating",
          detail: whyInvalid(answer, request, checked.problem),
          ...billed,
        });
      }
      json = checked.json;
    }
    return {
      ...told,
      json,
      continuation: continuation === null ? null : { provider, data: continuation },
      ...billed,
    };
  }
}

function isOf<Id extends ProviderId>(
  credential: ProviderCredential,
  provider: Id,
): credential is CredentialOf<Id> {
  return credential.provider === provider;
}

function namesAddress(credential: ProviderCredential): boolean {
  return credential.baseUrl !== undefined;
}

function whyInvalid(answer: FinishedAnswer, request: GenerateRequest, problem: string): string {
  if (answer.stopReason === "max_tokens") return `It was cut off at ${request.maxTokens} tokens.`;
  if (answer.stopReason === "refusal") return "The model refused to answer.";
  return `Problem: ${problem}.`;
}
