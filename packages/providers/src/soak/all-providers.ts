import type { ContractSubject } from "../contract/contract-subject.ts";
import { subjects } from "../contract/subjects.ts";
import type { Generation, KeySource } from "../port.ts";
import { createPriceTable } from "../prices/price-table.ts";
import {
  never,
  type ProvidersFixtureOptions,
  request,
  startProviders,
} from "../testing/providers-fixture.ts";

const free = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** All adapters over one memo, one pool and one model server. */
export async function startAllProviders(options: ProvidersFixtureOptions = {}) {
  const all: readonly ContractSubject[] = Object.values(subjects);
  const models = Object.fromEntries(all.map(({ model }) => [model, free]));
  const prices = createPriceTable(Object.fromEntries(all.map(({ provider }) => [provider, models])));
  const fixture = await startProviders({ prices, ...options });
  return {
    ...fixture,
    subjects: all,
    call(
      subject: ContractSubject,
      prompt: string,
      key: string,
      source: KeySource = "platform",
    ): Promise<Generation> {
      const credential = subject.credential(fixture.server, key, source);
      return fixture.providers[subject.provider].generate(
        credential,
        request(prompt, { model: subject.model }),
        never(),
      );
    },
  };
}
