import { promptBytes } from "@gantry/billing";
import { type Generation, ProviderError, type ProviderErrorCode, type TokenUsage } from "@gantry/providers";
import {
  type BlockContext,
  type BlockExecutor,
  type BlockOutcome,
  completed,
  failed,
} from "../block-executor.ts";
import type { BlockErrorCode, ModelCharge } from "../events.ts";
import { engineLimits } from "../limits.ts";

/**
 * One streamed model call, made when the money for it is set aside. It is never repeated here: a second try is a second
 * bill.
 */
export const agentExecutor: BlockExecutor<"agent"> = {
  input: (block, renderer) => ({
    model: block.block.model,
    system: block.templates.system === null ? null : renderer.text(block.templates.system),
    prompt: renderer.text(block.templates.prompt),
    temperature: block.block.temperature ?? null,
    maxTokens: block.block.maxTokens,
  }),
  run: async (block, input, context) => {
    const { provider } = block.block;
    const lookup = context.credential(provider);
    if (lookup.kind === "missing") {
      return failed("PROVIDER_KEY_MISSING", `There is no key for ${provider}. Store one in the workspace.`);
    }
    if (lookup.kind === "unreadable") {
      return failed(
        "PROVIDER_KEY_UNREADABLE",
        `The stored key for ${provider} cannot be decrypted. Store it again.`,
      );
    }
    const { credential } = lookup;
    const { providers, budget } = context.resources;
    const request = { ...input, responseSchema: block.block.responseSchema ?? null };
    const { model, maxTokens } = request;
    const reservation = await budget.reserve(
      providers[provider].boundMicros({
        model,
        source: credential.source,
        promptBytes: promptBytes(request),
        maxTokens,
      }),
    );
    if (!reservation.ok) return { ok: false, error: reservation.error };
    let charged: ModelCharge | null = null;
    const charge = (answeredBy: string, usage: TokenUsage | null, costMicros: number): void => {
      charged = {
        key: `${context.blockId}:1`,
        blockId: context.blockId,
        provider,
        model: answeredBy,
        keySource: credential.source,
        inputTokens: usage === null ? 0 : allInputTokens(usage),
        outputTokens: usage?.outputTokens ?? 0,
        costMicros,
      };
      context.charge(charged);
    };
    // An endless answer is aborted rather than left, so that the provider still tells what it cost.
    const tooLong = new AbortController();
    const signal = AbortSignal.any([context.signal, tooLong.signal]);
    let generation: Generation | null = null;
    try {
      const stream = providers[provider].stream(credential, request, signal);
      let chars = 0;
      for await (const part of stream) {
        if (part.type === "finish") {
          generation = part.generation;
          charge(generation.model, generation.usage, generation.costMicros);
          continue;
        }
        chars += part.text.length;
        if (chars > engineLimits.agentTextCharsMax) tooLong.abort();
        else await context.text(part.text);
      }
      if (tooLong.signal.aborted) return endlessAnswer;
      if (generation === null) throw new Error(`The stream of ${provider} ended without a finish part`);
      return completed(agentOutput(generation));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (generation === null && (error.usage !== null || error.costMicros > 0)) {
        charge(input.model, error.usage, error.costMicros);
      }
      return tooLong.signal.aborted ? endlessAnswer : providerFailure(error, context);
    } finally {
      reservation.end(charged);
    }
  },
};

const endlessAnswer = failed(
  "OUTPUT_INVALID",
  `The model answered with more than ${engineLimits.agentTextCharsMax} characters.`,
);

function agentOutput(generation: Generation) {
  return {
    text: generation.text,
    json: generation.json ?? null,
    model: generation.model,
    stopReason: generation.stopReason,
    usage: { inputTokens: allInputTokens(generation.usage), outputTokens: generation.usage.outputTokens },
  };
}

/** Cached input counts too: it was read by the model and it was billed. */
function allInputTokens(usage: TokenUsage): number {
  return usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}

const codes: Readonly<Record<ProviderErrorCode, BlockErrorCode>> = {
  UNPRICED_MODEL: "MODEL_UNPRICED",
  INVALID_OUTPUT: "OUTPUT_INVALID",
  ABORTED: "CANCELLED",
  INVALID_REQUEST: "PROVIDER_FAILED",
  AUTHENTICATION_FAILED: "PROVIDER_FAILED",
  MODEL_NOT_FOUND: "PROVIDER_FAILED",
  RATE_LIMITED: "PROVIDER_FAILED",
  OVERLOADED: "PROVIDER_FAILED",
  SERVER_ERROR: "PROVIDER_FAILED",
  CONNECTION_FAILED: "PROVIDER_FAILED",
  TIMED_OUT: "PROVIDER_FAILED",
  INCOMPLETE_STREAM: "PROVIDER_FAILED",
};

function providerFailure(error: ProviderError, context: BlockContext): BlockOutcome {
  const code = codes[error.code];
  // The provider may abort a call on its own; only ours is a cancellation.
  if (code === "CANCELLED" && !context.signal.aborted)
    return failed("PROVIDER_FAILED", error.message, error.retryable);
  return failed(code, error.message, error.retryable);
}
