import type { Egress } from "@gantry/egress";
import type { McpServers } from "@gantry/mcp";
import type { ProviderCredential, ProviderId, Providers } from "@gantry/providers";
import type { Sandbox } from "@gantry/sandbox";
import type { JsonValue, Plan } from "@gantry/workflow";
import type { RunBudget } from "./budget.ts";
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

/** The active version of another workflow of the run's workspace. */
export type ChildWorkflow =
  | { readonly kind: "found"; readonly plan: Plan; readonly name: string }
  /** There is none in this workspace; whether there is one elsewhere is not told. */
  | { readonly kind: "missing" }
  | { readonly kind: "not_deployed"; readonly name: string }
  /** Who knows could not be asked. */
  | { readonly kind: "unavailable" };

/** What the engine may reach. It knows no database. */
export interface EngineResources {
  readonly providers: Providers;
  readonly sandbox: Sandbox;
  readonly egress: Egress;
  readonly mcp: Pick<McpServers, "open">;
  readonly budget: RunBudget;
  /** Asked at most once per name and run. */
  readonly environment: (name: string) => SecretLookup;
  /** Asked anew for every call, so that several keys take turns. */
  /** Asked for each model call: another one may be the key's turn, or be stored by now. */
  readonly credential: (provider: ProviderId) => Promise<CredentialLookup>;
  /** Never rejects. */
  readonly childWorkflow: (workflowId: string) => Promise<ChildWorkflow>;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Waits; rejects as soon as the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told what was behind a block error `INTERNAL`. It may hold secrets; what it throws is dropped. */
  readonly onInternalError?: (error: unknown) => void;
}

export interface EngineRun {
  readonly plan: Plan;
  /** As `parseInput` of the workflow package returns it. */
  readonly input: Readonly<Record<string, JsonValue>>;
  /** Aborted with a `CancelReason` as its reason; any other reason counts as `requested`. */
  readonly signal: AbortSignal;
  /** When the signal will be aborted with `deadline`, Unix milliseconds: nobody waits for what comes later. Null: never. */
  readonly deadlineAt: number | null;
}

/**
 * Runs a plan and tells what happens.
 *
 * The first event is `run.started`, the last one, always and exactly once, is `run.completed`, `run.failed` or
 * `run.cancelled`; it comes when every block has truly stopped. Nothing starts before the first `next()`. When the signal
 * is aborted, no further block starts and those in flight are aborted; each ends with its own event, so that what a
 * model call cost is told even then. Reason `deadline` ends as `run.failed` with `DEADLINE_EXCEEDED`, the others as
 * `run.cancelled`. The engine sets no deadline itself and ends as promptly as the ports honour their signal.
 *
 * A consumer that leaves early (`return()`, `break`) aborts the blocks in flight; `return()` resolves once they have
 * stopped. It is told nothing more, charges included: to stop a run and still account for it, abort the signal and read on.
 *
 * A workflow that an agent calls runs inside the run and is not told: its model calls are among the charges of the agent's
 * block.
 *
 * The run's output: what the first response block, in plan order, of those that ran rendered. When the plan has response
 * blocks and none was reached, null: what the author did not choose to answer stays inside. When the plan has none, an
 * object with the outputs of the blocks that ran and after which nothing ran, by block name, also when it is only one.
 *
 * Every event is JSON, its values deep-frozen, and secrets in it are replaced by `{{NAME}}` (see `Redaction`). Blocks
 * get each other's outputs as they are.
 */
export type RunPlan = (
  run: EngineRun,
  resources: EngineResources,
) => AsyncGenerator<EngineEvent, void, undefined>;
