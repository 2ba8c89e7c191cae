import type { BlockType, JsonValue, PlanBlock, PlanBlockOf } from "@gantry/workflow";
import type { BlockContext, BlockOutcome } from "./block-executor.ts";
import type { EngineResources, EngineRun } from "./engine.ts";
import type { EventFeed } from "./event-feed.ts";
import { eventInput } from "./event-input.ts";
import type { BlockError, ModelCharge } from "./events.ts";
import { blockExecutors } from "./executors/table.ts";
import { engineLimits } from "./limits.ts";
import { Renderer, type RunValues } from "./renderer.ts";
import type { RunScope } from "./run-scope.ts";
import { sealJson } from "./seal-json.ts";

/** What the blocks of a run share. */
export interface BlockSurroundings {
  readonly values: RunValues;
  readonly run: EngineRun;
  readonly resources: EngineResources;
  readonly feed: EventFeed;
  readonly scope: RunScope;
}

/** What a block has told so far, kept also when it then throws. */
interface Told {
  started: boolean;
  readonly charges: ModelCharge[];
}

export type BlockResult =
  /** `output` is sealed; `chars` is about the length of its JSON text. */
  | {
      readonly kind: "completed";
      readonly output: JsonValue;
      readonly handle: string;
      readonly chars: number;
    }
  /** `error.message` is redacted. */
  | { readonly kind: "failed"; readonly error: BlockError };

export interface BlockEnd {
  readonly result: BlockResult;
  readonly durationMs: number;
  readonly charges: readonly ModelCharge[];
}

/** Runs one block and tells `block.started` and its text; how it ended is the answer. Never rejects for what a block does. */
export async function runBlock(
  block: PlanBlock,
  around: BlockSurroundings,
  signal: AbortSignal,
): Promise<BlockEnd> {
  const { resources } = around;
  const { redaction } = around.values.secrets;
  const startedAt = resources.now();
  const told: Told = { started: false, charges: [] };
  const { charges } = told;
  let outcome: BlockOutcome;
  try {
    outcome = await execute(block, around, signal, told);
  } catch (error) {
    if (!told.started) tellStarted(block, around.feed, null);
    outcome = { ok: false, error: unexpected(error, signal, resources) };
  }
  const durationMs = Math.max(0, resources.now() - startedAt);
  if (outcome.ok) {
    const { runDataCharsMax, jsonDepthMax } = engineLimits;
    const sealed = sealJson(outcome.output, { charsMax: runDataCharsMax, depthMax: jsonDepthMax });
    if (sealed.ok) {
      const { value: output, chars } = sealed;
      return { result: { kind: "completed", output, handle: outcome.handle, chars }, durationMs, charges };
    }
    outcome = { ok: false, error: unfit[sealed.reason] };
  }
  const error = { ...outcome.error, message: redaction.text(outcome.error.message) };
  return { result: { kind: "failed", error }, durationMs, charges };
}

async function execute<T extends BlockType>(
  block: PlanBlockOf<T>,
  around: BlockSurroundings,
  signal: AbortSignal,
  told: Told,
): Promise<BlockOutcome> {
  const executor = blockExecutors[block.type];
  const { values, run, feed } = around;
  const { redaction } = values.secrets;
  const { id } = block.block;

  const renderer = new Renderer(values, "values");
  const input = executor.input(block, renderer, run.input);
  const isPlain = block.environmentNames.length === 0 && renderer.failure === null;
  const labelled = isPlain ? input : executor.input(block, new Renderer(values, "labels"), run.input);
  const shown = executor.shown === undefined ? labelled : executor.shown(labelled);
  tellStarted(block, feed, eventInput(shown, redaction));
  told.started = true;
  if (renderer.failure !== null) return { ok: false, error: renderer.failure };

  const redacted = redaction.stream();
  const text = (text: string) => {
    feed.text(id, redacted.push(text));
    return feed.room();
  };
  try {
    return await executor.run(block, input, { ...reach(id, around, signal, told), text });
  } finally {
    feed.text(id, redacted.end());
  }
}

function reach(
  id: string,
  { values, run, resources, scope }: BlockSurroundings,
  signal: AbortSignal,
  told: Told,
): Omit<BlockContext, "text"> {
  const { secrets } = values;
  const charged = { blockId: `${scope.charged.blockId}${id}`, key: `${scope.charged.key}${id}` };
  const charge: BlockContext["charge"] = (charge) => void told.charges.push(charge);
  return {
    charged,
    signal,
    deadlineAt: run.deadlineAt,
    resources,
    credential: (provider) => secrets.credential(provider),
    redact: (text) => secrets.redaction.text(text),
    charge,
    runChild: ({ plan, input, toolCall }) =>
      scope.runChild({
        plan,
        input,
        signal,
        deadlineAt: run.deadlineAt,
        charged: { blockId: `${charged.blockId}/`, key: `${charged.key}.${toolCall}/` },
        charge,
      }),
  };
}

function tellStarted(block: PlanBlockOf<BlockType>, feed: EventFeed, input: JsonValue): void {
  const { id: blockId, name } = block.block;
  feed.push({ type: "block.started", blockId, name, blockType: block.type, input });
}

const unfit: Readonly<Record<"too_large" | "too_deep" | "not_json", BlockError>> = {
  too_large: {
    code: "RESPONSE_TOO_LARGE",
    message: `The block's output is larger than ${engineLimits.runDataCharsMax} characters.`,
    retryable: false,
  },
  too_deep: {
    code: "OUTPUT_INVALID",
    message: `The block's output is nested deeper than ${engineLimits.jsonDepthMax} levels.`,
    retryable: false,
  },
  not_json: { code: "OUTPUT_INVALID", message: "The block's output is not JSON.", retryable: false },
};

function unexpected(error: unknown, signal: AbortSignal, resources: EngineResources): BlockError {
  // A port may answer our own abort by throwing it back.
  if (
    signal.aborted &&
    (error === signal.reason || (error instanceof Error && error.name === "AbortError"))
  ) {
    return { code: "CANCELLED", message: "The block was stopped.", retryable: false };
  }
  try {
    resources.onInternalError?.(error);
  } catch {
    // Whoever is told must not be able to hurt the run.
  }
  return { code: "INTERNAL", message: "The block failed for a reason within Gantry.", retryable: false };
}
