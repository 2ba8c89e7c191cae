import { setImmediate as nextTurn } from "node:timers/promises";
import Anthropic from "@anthropic-ai/sdk";
import type { ClientMemo } from "../client-memo.ts";
import type { ConnectionPool } from "../connection-pool.ts";
import { compileOutputSchema, type OutputSchema } from "../output-schema.ts";
import type {
  CallPhase,
  GenerateRequest,
  Generation,
  ModelProvider,
  ProviderCredential,
  StreamPart,
  TokenUsage,
} from "../port.ts";
import { callBoundMicros, costMicros, type PriceTable } from "../prices.ts";
import { failure, providerError } from "./failures.ts";
import { createMessageReader, type FinishedMessage } from "./message-reader.ts";
import { messagesRequest } from "./messages-request.ts";

/** The longest that a timer can wait: the pool's timeouts decide, not the SDK's. */
const neverMs = 2 ** 31 - 1;

type Cost = (usage: TokenUsage) => number;

/** Anthropic's Messages API through its own SDK. One attempt per call: whoever retries knows what that may cost. */
export function createAnthropicProvider(parts: {
  readonly pool: ConnectionPool;
  readonly memo: ClientMemo<Anthropic>;
  readonly prices: PriceTable;
  readonly now: () => number;
}): ModelProvider {
  return {
    boundMicros: (call) => callBoundMicros(parts.prices, { provider: "anthropic", ...call }),
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
    const cost = costOf(credential, request.model);
    const schema = request.responseSchema === null ? null : usableSchema(request.responseSchema);
    const body = bodyOf(request);

    const reader = createMessageReader(request.maxTokens);
    let phase: CallPhase = signal.aborted ? "before_request" : "awaiting_response";
    const lease = parts.memo.lease(credential, () => newClient(credential));
    let generation: Generation;
    try {
      // undici frees a connection one turn of the event loop after the answer's end: without this, a call that follows at once
      // opens a second one.
      await nextTurn();
      const events = await lease.client.messages.create(body, { signal });
      phase = "streaming";
      for await (const event of events) {
        const text = reader.read(event);
        if (text !== "") yield { type: "text", text };
      }
      // The SDK ends its loop without a word when the signal is aborted or the stream is cut off between two events.
      const message = reader.finished();
      if (message === null) throw new Error("The stream ended without its last event.");
      phase = "validating";
      generation = generationOf(message, request, schema, cost);
    } catch (error) {
      const usage = reader.usageSoFar();
      throw providerError(error, {
        phase,
        apiKey: credential.apiKey,
        aborted: signal.aborted,
        answerBegan: reader.answerBegan(),
        billed: { usage, costMicros: usage === null ? 0 : cost(usage) },
        now: parts.now,
      });
    } finally {
      lease.release();
    }
    yield { type: "finish", generation };
  }

  /** A key that is not the platform's is billed to its owner: nothing to charge, and nothing that needs a price. */
  function costOf(credential: ProviderCredential, model: string): Cost {
    if (credential.source !== "platform") return () => 0;
    const price = parts.prices.priceOf(credential.provider, model);
    if (price !== "unpriced") return (usage) => costMicros(price, usage);
    throw failure("UNPRICED_MODEL", {
      phase: "before_request",
      detail: `'${model}' can be called once the operator prices it.`,
    });
  }

  function newClient(credential: ProviderCredential): Anthropic {
    return new Anthropic({
      apiKey: credential.apiKey,
      // Named even when it is the default, and the other options too: left out, the SDK reads them from the environment.
      baseURL: credential.baseUrl ?? "https://api.anthropic.com",
      authToken: null,
      webhookKey: null,
      openTelemetry: false,
      logLevel: "off",
      maxRetries: 0,
      timeout: neverMs,
      // The API never redirects; a key must not follow one anywhere.
      fetchOptions: { dispatcher: parts.pool.dispatcher, redirect: "error" },
    });
  }
}

function usableSchema(schema: NonNullable<GenerateRequest["responseSchema"]>) {
  const compiled = compileOutputSchema(schema);
  if (compiled.kind === "usable") return compiled;
  throw unusableSchema(compiled.problem);
}

function bodyOf(request: GenerateRequest): Anthropic.MessageCreateParamsStreaming {
  try {
    return messagesRequest(request);
  } catch (error) {
    throw unusableSchema(error instanceof Error ? error.message : String(error));
  }
}

function unusableSchema(problem: string) {
  return failure("INVALID_REQUEST", {
    phase: "before_request",
    detail: `The response schema cannot be used: ${problem}.`,
  });
}

function generationOf(
  message: FinishedMessage,
  request: GenerateRequest,
  schema: Extract<OutputSchema, { kind: "usable" }> | null,
  cost: Cost,
): Generation {
  const billed = { usage: message.usage, costMicros: cost(message.usage) };
  let json: unknown = null;
  if (schema !== null) {
    const checked = schema.check(message.text);
    if (checked.kind === "invalid") {
      throw failure("INVALID_OUTPUT", {
        phase: "validating",
        detail: whyInvalid(message, request, checked.problem),
        ...billed,
      });
    }
    json = checked.json;
  }
  return { text: message.text, json, model: message.model, stopReason: message.stopReason, ...billed };
}

function whyInvalid(message: FinishedMessage, request: GenerateRequest, problem: string): string {
  if (message.stopReason === "max_tokens") return `It was cut off at ${request.maxTokens} tokens.`;
  if (message.stopReason === "refusal") return "The model refused to answer.";
  return `Problem: ${problem}.`;
}
