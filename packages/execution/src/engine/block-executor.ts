import type { ProviderId } from "@gantry/providers";
import type { BlockType, JsonValue, Plan, PlanBlockOf } from "@gantry/workflow";
import type { CredentialLookup, EngineResources, EngineRun } from "./engine.ts";
import type { BlockError, ModelCharge } from "./events.ts";
import type { Renderer } from "./renderer.ts";
import type { ChargedAs, ChildEnd } from "./run-scope.ts";

/** What a block is given: its fields with every reference replaced. */
export interface BlockInputs {
  start: { readonly inputs: Readonly<Record<string, JsonValue>> };
  agent: {
    readonly provider: ProviderId;
    readonly model: string;
    readonly system: string | null;
    readonly prompt: string;
    readonly temperature: number | null;
    readonly maxTokens: number;
    /** Data URLs. */
    readonly attachments: readonly string[];
    /** As the block lists its tools; what a tool has no template for is null or empty. */
    readonly tools: readonly AgentToolInput[];
  };
  function: { readonly inputs: Readonly<Record<string, JsonValue>> };
  http: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
  };
  condition: { readonly inputs: Readonly<Record<string, JsonValue>> };
  response: { readonly output: JsonValue };
}

export interface AgentToolInput {
  readonly url: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

export type BlockOutcome =
  /** `handle`: the handle whose edges are taken. */
  | { readonly ok: true; readonly output: unknown; readonly handle: string }
  | { readonly ok: false; readonly error: BlockError };

/** What a block may reach while it runs. */
export interface BlockContext {
  /** Under which the block's model calls are charged. */
  readonly charged: ChargedAs;
  /** Of this block alone: aborted when the run ends before the block does. */
  readonly signal: AbortSignal;
  readonly deadlineAt: EngineRun["deadlineAt"];
  readonly resources: Pick<
    EngineResources,
    "providers" | "sandbox" | "egress" | "mcp" | "budget" | "childWorkflow" | "now" | "random" | "pause"
  >;
  readonly credential: (provider: ProviderId) => Promise<CredentialLookup>;
  /** Resolves when the consumer can take more. */
  readonly text: (text: string) => Promise<void>;
  /** Puts labels in the place of secrets. */
  readonly redact: (text: string) => string;
  /** Kept however the block ends. */
  readonly charge: (charge: ModelCharge) => void;
  /** Another workflow within this run. `toolCall`: its number among those of this block. */
  readonly runChild: (child: {
    readonly plan: Plan;
    readonly input: Readonly<Record<string, JsonValue>>;
    readonly toolCall: number;
  }) => Promise<ChildEnd>;
}

/** One type of block. */
export interface BlockExecutor<T extends BlockType> {
  /**
   * Pure. Called for the run, and once more with masks in place of environment values for the event. References that
   * cannot be resolved are noted by the renderer; the block then fails before `run`.
   */
  input(
    block: PlanBlockOf<T>,
    renderer: Renderer,
    runInput: Readonly<Record<string, JsonValue>>,
  ): BlockInputs[T];
  /** What `block.started` shows of the input, where that is not all of it. */
  shown?(input: BlockInputs[T]): unknown;
  /** Expected failures are outcomes; anything thrown is a broken invariant and becomes `INTERNAL`. */
  run(block: PlanBlockOf<T>, input: BlockInputs[T], context: BlockContext): Promise<BlockOutcome>;
}

export function completed(output: unknown, handle = "out"): BlockOutcome {
  return { ok: true, output, handle };
}

export function failed(code: BlockError["code"], message: string, retryable = false): BlockOutcome {
  return { ok: false, error: { code, message, retryable } };
}
