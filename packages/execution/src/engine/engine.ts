import type { Egress } from "@gantry/egress";
import type { ProviderCredential, ProviderId, Providers } from "@gantry/providers";
import type { Sandbox } from "@gantry/sandbox";
import type { JsonValue, Plan } from "@gantry/workflow";
import type { EngineEvent } from "./events.ts";

/** A value that a run may need, read at admission. Deciphered only when a block asks. */
export type SecretLookup =
  | { readonly kind: "found"; readonly value: string }
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable" };

export type CredentialLookup =
  | { readonly kind: "found"; readonly credential: ProviderCredential }
  | { readonly kind: "missing" }
  | { readonly kind: "unreadable" };

/** What the engine may reach. It knows no database. */
export interface EngineResources {
  readonly providers: Providers;
  readonly sandbox: Sandbox;
  readonly egress: Egress;
  readonly environment: (name: string) => SecretLookup;
  readonly credential: (provider: ProviderId) => CredentialLookup;
  readonly now: () => number;
}

export interface EngineRun {
  readonly plan: Plan;
  readonly input: Readonly<Record<string, JsonValue>>;
  /** Aborted with a `CancelReason` as its reason. */
  readonly signal: AbortSignal;
}

export type RunPlan = (run: EngineRun, resources: EngineResources) => AsyncGenerator<EngineEvent, void, undefined>;
