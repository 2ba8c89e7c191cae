import type { Anthropic } from "@anthropic-ai/sdk";
import type { AnswerEvent } from "../adapter.ts";
import type { StopReason, TokenUsage } from "../port.ts";
import type { Thoughts } from "./messages-request.ts";

const stopReasons: Readonly<Record<Anthropic.StopReason, StopReason>> = {
  end_turn: "end",
  max_tokens: "max_tokens",
  stop_sequence: "stop_sequence",
  refusal: "refusal",
  tool_use: "tool_calls",
  pause_turn: "other",
  model_context_window_exceeded: "other",
};

/** The stream of the Messages API in the words of all wires. */
export async function* messagesEvents(
  stream: AsyncIterable<Anthropic.RawMessageStreamEvent>,
): AsyncGenerator<AnswerEvent, void, undefined> {
  let usage: TokenUsage | null = null;
  let stopReason: Anthropic.StopReason | null = null;
  let open: OpenBlock | null = null;
  const thoughts: Thoughts = [];

  for await (const event of stream) {
    switch (event.type) {
      case "message_start":
        yield { type: "begin", model: event.message.model };
        usage = usageOf(event.message.usage, null);
        yield { type: "usage", usage };
        break;
      case "content_block_start":
        open = openBlock(event.content_block);
        if (open?.type === "text") yield { type: "text", text: open.text };
        break;
      case "content_block_delta":
        if (event.delta.type === "text_delta") yield { type: "text", text: event.delta.text };
        else yield { type: "hidden", bytes: open === null ? 0 : grow(open, event.delta) };
        break;
      case "content_block_stop":
        if (open?.type === "tool_use") {
          const call = { id: open.id, name: open.name, arguments: open.json === "" ? "{}" : open.json };
          yield { type: "tool_call", call };
        }
        if (open?.type === "thinking" || open?.type === "redacted_thinking") thoughts.push(open);
        open = null;
        break;
      case "message_delta":
        stopReason = event.delta.stop_reason;
        usage = usageOf(event.usage, usage);
        yield { type: "usage", usage };
        break;
      case "message_stop":
        if (stopReason === null) return;
        yield {
          type: "end",
          stopReason: stopReasons[stopReason] ?? "other",
          ...(thoughts.length === 0 ? {} : { continuation: thoughts }),
        };
        break;
      default:
        // A kind of event that is newer than the SDK.
        break;
    }
  }
}

type OpenBlock =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; json: string }
  | { readonly type: "thinking"; thinking: string; signature: string }
  | { readonly type: "redacted_thinking"; readonly data: string };

/** Null: a kind that is not asked for here, such as the calls of tools that run at the provider. */
function openBlock(block: Anthropic.ContentBlock): OpenBlock | null {
  if (block.type === "text") return { type: "text", text: block.text };
  if (block.type === "tool_use") return { type: "tool_use", id: block.id, name: block.name, json: "" };
  if (block.type === "thinking")
    return { type: "thinking", thinking: block.thinking, signature: block.signature };
  if (block.type === "redacted_thinking") return { type: "redacted_thinking", data: block.data };
  return null;
}

/** Adds a piece to a block that is not shown; returns its bytes. */
function grow(open: OpenBlock, delta: Anthropic.RawContentBlockDelta): number {
  if (open.type === "tool_use" && delta.type === "input_json_delta") {
    open.json += delta.partial_json;
    return Buffer.byteLength(delta.partial_json);
  }
  if (open.type === "thinking" && delta.type === "thinking_delta") {
    open.thinking += delta.thinking;
    return Buffer.byteLength(delta.thinking);
  }
  if (open.type === "thinking" && delta.type === "signature_delta") open.signature = delta.signature;
  return 0;
}

/** Counts are cumulative, and what an event leaves out keeps its earlier value. */
function usageOf(
  counted: Partial<Anthropic.Usage> | Anthropic.MessageDeltaUsage,
  before: TokenUsage | null,
): TokenUsage {
  return {
    inputTokens: counted.input_tokens ?? before?.inputTokens ?? 0,
    outputTokens: counted.output_tokens ?? before?.outputTokens ?? 0,
    reasoningTokens: counted.output_tokens_details?.thinking_tokens ?? before?.reasoningTokens ?? 0,
    cacheReadTokens: counted.cache_read_input_tokens ?? before?.cacheReadTokens ?? 0,
    cacheWriteTokens: counted.cache_creation_input_tokens ?? before?.cacheWriteTokens ?? 0,
  };
}
