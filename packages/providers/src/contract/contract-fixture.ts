import type { SeenRequest } from "@gantry/model-server";
import type { GenerateRequest, Generation, KeySource, StreamPart } from "../port.ts";
import { createPriceTable } from "../prices/price-table.ts";
import {
  never,
  type ProvidersFixtureOptions,
  request,
  startProviders,
} from "../testing/providers-fixture.ts";
import type { ContractSubject } from "./contract-subject.ts";

/** Micro-dollars per million tokens, so that a call's cost tells which tokens were counted as what. */
const rates = { input: 1_000_000, output: 5_000_000, cacheRead: 100_000, cacheWrite: 1_250_000 };

/** Larger than every answer of the suite but those that are meant to be too large. */
const responseBytesMax = 600_000;

/** One provider over a model server, and short ways to call it. */
export async function startContract(subject: ContractSubject, limits: ProvidersFixtureOptions = {}) {
  const { provider, model } = subject;
  const seen: SeenRequest[] = [];
  const fixture = await startProviders({
    responseBytesMax,
    prices: createPriceTable({ [provider]: { [model]: rates } }),
    server: { onRequest: (request) => seen.push(request) },
    ...limits,
  });
  const credential = (key = "contract-key", source: KeySource = "platform") =>
    subject.credential(fixture.server, key, source);
  const asked = (prompt: string, more: Partial<GenerateRequest>) => request(prompt, { model, ...more });
  return {
    ...fixture,
    provider: fixture.providers[provider],
    seen,
    credential,
    request: asked,
    generate: (
      prompt: string,
      more: Partial<GenerateRequest> = {},
      signal: AbortSignal = never(),
    ): Promise<Generation> => fixture.providers[provider].generate(credential(), asked(prompt, more), signal),
    stream: (
      prompt: string,
      more: Partial<GenerateRequest> = {},
      signal: AbortSignal = never(),
    ): AsyncIterable<StreamPart> =>
      fixture.providers[provider].stream(credential(), asked(prompt, more), signal),
    reset() {
      fixture.server.reset();
      seen.length = 0;
    },
  };
}

export type Contract = Awaited<ReturnType<typeof startContract>>;
