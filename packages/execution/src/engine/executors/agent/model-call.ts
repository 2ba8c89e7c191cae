import { promptBytes } from "@gantry/billing";
import {
  type GenerateRequest,
  type Generation,
  ProviderError,
  type ProviderId,
  type TokenUsage,
} from "@gantry/providers";
import type { BlockContext } from "../../block-executor.ts";
import type { ModelCharge } from "../../events.ts";
import { engineLimits } from "../../limits.ts";
import { type CallFailure, finalFailure, providerFailure } from "./call-failure.ts";
import { allInputTokens } from "./usage.ts";

export interface ModelCall {
  readonly provider: ProviderId;
  readonly request: GenerateRequest;
  /** Among the calls of the block, from 1. */
  readonly number: number;
  /** Told once what the call used, answered or not; never when nothing is known to be billed. */
  readonly onUsage: (usage: TokenUsage) => void;
}

export type CallEnd =
  | { readonly ok: true; readonly generation: Generation }
  | { readonly ok: false; readonly failure: CallFailure };

/** One streamed model call, made when the money for it is set aside, and charged when it has ended. */
export async function callModel(call: ModelCall, context: BlockContext): Promise<CallEnd> {
  const { provider, request } = call;
  const lookup = await context.credential(provider);
  if (lookup.kind !== "found") return { ok: false, failure: withoutKey(provider, lookup.kind) };
  const { credential } = lookup;
  const { providers, budget } = context.resources;
  const { model, maxTokens } = request;
  const bytes = promptBytes(request);
  if (bytes > engineLimits.promptBytesMax) return { ok: false, failure: endlessPrompt };
  const reservation = await budget.reserve(
    providers[provider].boundMicros({
      model,
      source: credential.source,
      promptBytes: bytes,
      maxTokens,
    }),
  );
  if (!reservation.ok) return { ok: false, failure: finalFailure(reservation.error) };

  let charged: ModelCharge | null = null;
  const charge = (answeredBy: string, usage: TokenUsage | null, costMicros: number): void => {
    charged = {
      key: `${context.charged.key}:${call.number}`,
      blockId: context.charged.blockId,
      provider,
      model: answeredBy,
      keySource: credential.source,
      inputTokens: usage === null ? 0 : allInputTokens(usage),
      outputTokens: usage?.outputTokens ?? 0,
      costMicros,
    };
    context.charge(charged);
    if (usage !== null) call.onUsage(usage);
  };
  // An endless answer is aborted rather than left, so that the provider still tells what it cost.
  const tooLong = new AbortController();
  const signal = AbortSignal.any([context.signal, tooLong.signal]);
  let generation: Generation | null = null;
  let chars = 0;
  let delivered = false;
  try {
    for await (const part of providers[provider].stream(credential, request, signal)) {
      if (part.type === "finish") {
        generation = part.generation;
        charge(generation.model, generation.usage, generation.costMicros);
        continue;
      }
      delivered = true;
      chars += part.type === "text" ? part.text.length : part.call.arguments.length;
      if (chars > engineLimits.answerCharsMax) tooLong.abort();
      else if (part.type === "text") await context.text(part.text);
    }
    if (tooLong.signal.aborted) return { ok: false, failure: endlessAnswer };
    if (generation === null) throw new Error(`The stream of ${provider} ended without a finish part`);
    return { ok: true, generation };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (generation === null && (error.usage !== null || error.costMicros > 0))
      charge(model, error.usage, error.costMicros);
    const failure = tooLong.signal.aborted
      ? endlessAnswer
      : providerFailure(error, {
          delivered: delivered || generation !== null,
          aborted: context.signal.aborted,
        });
    return { ok: false, failure };
  } finally {
    reservation.end(charged);
  }
}

const endlessAnswer = finalFailure({
  code: "OUTPUT_INVALID",
  message: `The model answered with more than ${engineLimits.answerCharsMax} characters.`,
  retryable: false,
});

const endlessPrompt = finalFailure({
  code: "INVALID_INPUT",
  message: `The conversation has grown beyond ${engineLimits.promptBytesMax} bytes, which no model reads.`,
  retryable: false,
});

/** A key that cannot be read is somebody's, and nothing is called in its place: not another model either. */
function withoutKey(provider: ProviderId, why: "missing" | "unreadable"): CallFailure {
  if (why === "missing") {
    const message = `There is no key for ${provider}. Store one in the workspace.`;
    return {
      error: { code: "PROVIDER_KEY_MISSING", message, retryable: false },
      again: null,
      elsewhere: true,
    };
  }
  const message = `The stored key for ${provider} cannot be decrypted. Store it again.`;
  return finalFailure({ code: "PROVIDER_KEY_UNREADABLE", message, retryable: false });
}
