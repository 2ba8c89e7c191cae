import {
  type ModelProvider,
  ProviderError,
  type ProviderId,
  type Providers,
  providerIds,
} from "@gantry/providers";
import type { EngineResources } from "../engine/engine.ts";

/** What of a run reaches beyond this process. */
type Effects = Pick<EngineResources, "providers" | "egress" | "mcp">;

/**
 * The same, but nothing is called before the run's claim is confirmed. One that does not stand calls nothing: the call
 * ends as aborted. A store that cannot answer is the caller's error: nothing was called.
 */
export function afterConfirmation(
  { providers, egress, mcp }: Effects,
  isConfirmed: () => Promise<boolean>,
): Effects {
  const lost = { ok: false, failure: "ABORTED", message: "The run lost its slot." } as const;
  return {
    providers: guardProviders(providers, isConfirmed),
    egress: {
      fetch: async (request, signal) => ((await isConfirmed()) ? await egress.fetch(request, signal) : lost),
      close: () => egress.close(),
    },
    mcp: {
      open: async (server, signal) => ((await isConfirmed()) ? await mcp.open(server, signal) : lost),
    },
  };
}

function guardProviders(providers: Providers, isConfirmed: () => Promise<boolean>): Providers {
  const guarded: Record<ProviderId, ModelProvider> = { ...providers };
  for (const id of providerIds) guarded[id] = guardProvider(id, providers[id], isConfirmed);
  return guarded;
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
