import type { AuthoringDeps } from "@gantry/authoring";
import type { StripeBilling } from "@gantry/billing/stripe";
import type { Database } from "@gantry/db";
import type { Credential, Execution, Principal } from "@gantry/execution";
import type { FreeSlotDeps, OperationsDeps } from "@gantry/operations";
import type { ProvidersInspection } from "@gantry/providers";

/** What the procedures reach. */
export interface ProcedureDeps {
  readonly authoring: AuthoringDeps;
  readonly execution: Execution;
  readonly operations: OperationsDeps & FreeSlotDeps;
  /** `stripe`: null where an operator sets plans. */
  readonly billing: { readonly sql: Database["sql"]; readonly stripe: StripeBilling | null };
  readonly process: ProcessView;
  readonly system: SystemStatus;
}

/** The process that answers: others look at themselves. */
export interface ProcessView {
  /** As its leases name it. */
  readonly holder: string;
  readonly inspectProviders: () => ProvidersInspection;
}

export interface SystemStatus {
  readonly version: string;
  /** Where model calls without a key of somebody's own go: to the local model server, or to the providers that the operator has keys for. */
  readonly models: "local" | "platform";
  readonly billingEnabled: boolean;
  readonly signUpEnabled: boolean;
}

/** One HTTP request, as the procedures see it. */
export interface RequestContext {
  readonly deps: ProcedureDeps;
  readonly credential: Credential;
  /** Whether the request surely comes from our own pages, or from no page at all. */
  readonly sameOrigin: boolean;
  /** Read at most once for each request, and only when a procedure asks. Null: nobody we know. */
  readonly principal: () => Promise<Principal | null>;
  /** Names the request in the log. */
  readonly requestId: string;
}
