import type { KeySource, ProviderCredential, ProviderId } from "../port.ts";

/** What the contract suite must know of a provider; everything else is the same for all of them. */
export interface ContractSubject {
  readonly provider: ProviderId;
  /** One that the model server answers for. */
  readonly model: string;
  /** That leads to the model server. */
  credential(server: { readonly url: string }, key: string, source?: KeySource): ProviderCredential;
  readonly takesImages: boolean;
  readonly takesPdf: boolean;
  readonly tellsReasoning: boolean;
  readonly tellsCacheWrites: boolean;
  /** The wire has a place for the response schema; elsewhere it is told in the system text. */
  readonly takesSchema: boolean;
  /** The wire sends an event before the first token. */
  readonly opensStream: boolean;
}
