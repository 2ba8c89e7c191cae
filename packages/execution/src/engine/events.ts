import type { KeySource } from "@gantry/providers";
import type { BlockType, JsonValue } from "@gantry/workflow";
import type { Refusal, RefusalCode } from "../admission/refusal.ts";

/** Why a block did not complete. `message` is for the workflow's owner: no secret, no stack. */
export interface BlockError {
  readonly code: BlockErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  /** Why there was no money for a model call, as preflight would say it. */
  readonly refusal?: Refusal<BudgetRefusalCode>;
}

export type BlockErrorCode =
  | BudgetRefusalCode
  /** The run's own bound leaves too little for a model call. */
  | "RUN_COST_LIMIT"
  | "INVALID_INPUT"
  | "ENVIRONMENT_VALUE_MISSING"
  | "ENVIRONMENT_VALUE_UNREADABLE"
  | "REFERENCE_UNRESOLVED"
  | "PROVIDER_KEY_UNREADABLE"
  | "PROVIDER_KEY_MISSING"
  | "PROVIDER_FAILED"
  | "MODEL_UNPRICED"
  | "OUTPUT_INVALID"
  | "CODE_THREW"
  | "CODE_TIMED_OUT"
  | "CODE_LIMIT_EXCEEDED"
  | "ADDRESS_REFUSED"
  | "REQUEST_FAILED"
  | "RESPONSE_TOO_LARGE"
  | "CANCELLED"
  | "INTERNAL";

/** The run's hold could not be topped up for a model call. */
export type BudgetRefusalCode = Extract<
  RefusalCode,
  | "USAGE_LIMIT_EXCEEDED"
  | "MEMBER_LIMIT_EXCEEDED"
  | "PAYER_HEADROOM"
  | "MEMBER_HEADROOM"
  | "ADMISSION_UNAVAILABLE"
>;

/** What a model call used, for the meter. One entry per call that the provider billed or may have billed. */
export interface ModelCharge {
  /**
   * Unique within the run: `<block>:<call>`, calls of the block counted from 1 over rounds, retries and fallbacks. Within
   * a child workflow `<agent block>.<tool call>/<block>:<call>`.
   */
  readonly key: string;
  /** Within a child workflow `<agent block>/<block>`. */
  readonly blockId: string;
  readonly provider: string;
  readonly model: string;
  readonly keySource: KeySource;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
}

interface Sequenced {
  /** 1, 2, 3, ... within a run, without gaps. */
  readonly seq: number;
  /** Unix milliseconds. */
  readonly at: number;
}

export type EngineEvent =
  | (Sequenced & { readonly type: "run.started" })
  | (Sequenced & {
      readonly type: "block.started";
      readonly blockId: string;
      readonly name: string;
      readonly blockType: BlockType;
      /** What the block was given, references replaced; secrets are masked. */
      readonly input: JsonValue;
    })
  | (Sequenced & { readonly type: "text.chunk"; readonly blockId: string; readonly text: string })
  | (Sequenced & {
      readonly type: "block.completed";
      readonly blockId: string;
      readonly output: JsonValue;
      readonly durationMs: number;
      readonly costMicros: number;
      readonly charges: readonly ModelCharge[];
    })
  | (Sequenced & {
      readonly type: "block.failed";
      readonly blockId: string;
      readonly error: BlockError;
      /** True when an edge on the block's error handle took over; the run goes on. */
      readonly handled: boolean;
      readonly durationMs: number;
      readonly costMicros: number;
      readonly charges: readonly ModelCharge[];
    })
  | (Sequenced & { readonly type: "run.completed"; readonly output: JsonValue; readonly durationMs: number })
  | (Sequenced & { readonly type: "run.failed"; readonly error: RunError; readonly durationMs: number })
  | (Sequenced & {
      readonly type: "run.cancelled";
      readonly reason: CancelReason;
      readonly durationMs: number;
    });

export type CancelReason = "requested" | "deadline" | "disconnected" | "lease_lost" | "shutdown";

export interface RunError {
  readonly code: BlockErrorCode | "DEADLINE_EXCEEDED";
  readonly message: string;
  readonly blockId: string | null;
  /** Of the block that failed the run, where money was the reason. */
  readonly refusal?: Refusal<BudgetRefusalCode>;
}
