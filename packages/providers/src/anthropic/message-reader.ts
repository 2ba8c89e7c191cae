import type { Anthropic } from "@anthropic-ai/sdk";
import type { StopReason, TokenUsage } from "../port.ts";

/** What has arrived of an answer. */
export interface MessageReader {
  /** Takes one event in and returns the text that it adds, often none. */
  read(event: Anthropic.RawMessageStreamEvent): string;
  /** The whole answer once its last event has come, with the reason for its end; before that null, whatever has arrived. */
  finished(): FinishedMessage | null;
  /** Tokens billed for a call that broke off; null while the provider has not begun. */
  usageSoFar(): TokenUsage | null;
  /** True once a part of the answer has come, thoughts included: from then on a repeated call is billed twice. */
  answerBegan(): boolean;
}

export interface FinishedMessage {
  readonly text: string;
  readonly model: string;
  readonly stopReason: StopReason;
  readonly usage: TokenUsage;
}

const stopReasons: Readonly<Record<Anthropic.StopReason, StopReason>> = {
  end_turn: "end",
  max_tokens: "max_tokens",
  stop_sequence: "stop_sequence",
  refusal: "refusal",
  tool_use: "other",
  pause_turn: "other",
  model_context_window_exceeded: "other",
};

/** English has about four bytes a token; other languages have fewer tokens a byte rather than more. */
const bytesPerToken = 4;

/** `maxTokens`: what the answer was asked to stay within. */
export function createMessageReader(maxTokens: number): MessageReader {
  let model = "";
  let text = "";
  let deliveredBytes = 0;
  let usage: TokenUsage | null = null;
  let stopReason: Anthropic.StopReason | null = null;
  let stopped = false;

  function deliver(delta: Anthropic.RawContentBlockDelta): string {
    if (delta.type === "text_delta") {
      text += delta.text;
      deliveredBytes += Buffer.byteLength(delta.text);
      return delta.text;
    }
    if (delta.type === "thinking_delta") deliveredBytes += Buffer.byteLength(delta.thinking);
    return "";
  }

  return {
    read(event) {
      switch (event.type) {
        case "message_start":
          model = event.message.model;
          usage = usageOf(event.message.usage, null);
          return "";
        case "content_block_start":
          if (event.content_block.type !== "text") return "";
          return deliver({ type: "text_delta", text: event.content_block.text });
        case "content_block_delta":
          return deliver(event.delta);
        case "message_delta":
          stopReason = event.delta.stop_reason;
          usage = usageOf(event.usage, usage);
          return "";
        case "message_stop":
          stopped = true;
          return "";
        case "content_block_stop":
          return "";
        default:
          // A kind of event that is newer than the SDK.
          return "";
      }
    },
    finished() {
      if (!stopped || stopReason === null || usage === null) return null;
      return { text, model, stopReason: stopReasons[stopReason] ?? "other", usage };
    },
    // The provider counts the answer in its last event only. Without an estimate for one that broke off, whoever cancels just
    // before the end would have it for nothing.
    usageSoFar() {
      if (usage === null) return null;
      const estimate = Math.min(maxTokens, Math.ceil(deliveredBytes / bytesPerToken));
      return { ...usage, outputTokens: Math.max(usage.outputTokens, estimate) };
    },
    answerBegan: () => deliveredBytes > 0,
  };
}

/** Counts are cumulative, and what an event leaves out keeps its earlier value. */
function usageOf(
  counted: Partial<Anthropic.Usage> | Anthropic.MessageDeltaUsage,
  before: TokenUsage | null,
): TokenUsage {
  return {
    inputTokens: counted.input_tokens ?? before?.inputTokens ?? 0,
    outputTokens: counted.output_tokens ?? before?.outputTokens ?? 0,
    cacheReadTokens: counted.cache_read_input_tokens ?? before?.cacheReadTokens ?? 0,
    cacheWriteTokens: counted.cache_creation_input_tokens ?? before?.cacheWriteTokens ?? 0,
  };
}
