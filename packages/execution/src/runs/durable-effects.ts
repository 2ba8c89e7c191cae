import type { Egress } from "@gantry/egress";
import { type ModelProvider, ProviderError, type ProviderId, type Providers } from "@gantry/providers";

/** What of a run reaches beyond this process. */
interface Effects {
  readonly providers: Providers;
  readonly egress: Egress;
}

/**
 * The same, but nothing is called before the run's claim is confirmed. One that does not stand calls nothing: the call
 * ends as aborted. A store that cannot answer is the caller's error: nothing was called.
 */
export function afterConfirmation(effects: Effects, isConfirmed: () => Promise<boolean>): Effects {
  return {
    providers: { anthropic: guardProvider("anthropic", effects.providers.anthropic, isConfirmed) },
    egress: {
      async fetch(request, signal) {
        if (await isConfirmed()) return await effects.egress.fetch(request, signal);
        return { ok: false, failure: "ABORTED", message: "The run lost its slot." };
      },
      close: () => effects.egress.close(),
    },
  };
}

function guardProvider(
  provider: ProviderId,
  model: ModelProvider,
  isConfirmed: () => Promise<boolean>,
): ModelProvider {
  const confirmed = async (): Promise<void> => {
    if (await isConfirmed()) return;
    throw new ProviderError({
      provider,
      code: "ABORTED",
      phase: "before_request",
      message: "The run lost its slot.",
      retryable: false,
    });
  };
  return {
    boundMicros: (call) => model.boundMicros(call),
    async generate(credential, request, signal) {
      await confirmed();
      return await model.generate(credential, request, signal);
    },
    async *stream(credential, request, signal) {
      await confirmed();
      yield* model.stream(credential, request, signal);
    },
  };
}
