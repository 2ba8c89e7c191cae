import type {
  ContentBlockDelta,
  ContentBlockStart,
  StopReason as ConverseStop,
  ConverseStreamOutput,
  TokenUsage as ConverseUsage,
} from "@aws-sdk/client-bedrock-runtime";
import type { AnswerEvent } from "../adapter.ts";
import type { StopReason, TokenUsage } from "../port.ts";
import type { Thoughts } from "./converse-messages.ts";

const stopReasons: Readonly<Record<ConverseStop, StopReason>> = {
  end_turn: "end",
  tool_use: "tool_calls",
  max_tokens: "max_tokens",
  stop_sequence: "stop_sequence",
  content_filtered: "refusal",
  guardrail_intervened: "refusal",
  malformed_model_output: "other",
  malformed_tool_use: "other",
  model_context_window_exceeded: "other",
};

/**
 * The stream of ConverseStream in the words of all wires. `messageStop` says why the answer ended, and `metadata` after it
 * what it cost: only both together are an end.
 */
export async function* converseEvents(
  stream: AsyncIterable<ConverseStreamOutput>,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const open = new Map<number, OpenBlock>();
  const thoughts: Thoughts = [];
  let stopReason: ConverseStop | null = null;

  for await (const event of stream) {
    if (event.messageStart !== undefined) yield { type: "begin", model: null };
    else if (event.contentBlockStart !== undefined) {
      const { contentBlockIndex = 0, start } = event.contentBlockStart;
      const block = openedBy(start);
      if (block !== null) open.set(contentBlockIndex, block);
    } else if (event.contentBlockDelta !== undefined) {
      const { contentBlockIndex = 0, delta } = event.contentBlockDelta;
      if (delta?.text !== undefined) yield { type: "text", text: delta.text };
      else if (delta !== undefined) {
        const block = open.get(contentBlockIndex) ?? {
          type: "thought",
          text: "",
          signature: null,
          redacted: [],
        };
        open.set(contentBlockIndex, block);
        yield { type: "hidden", bytes: grow(block, delta) };
      }
    } else if (event.contentBlockStop !== undefined) {
      const { contentBlockIndex = 0 } = event.contentBlockStop;
      const block = open.get(contentBlockIndex);
      open.delete(contentBlockIndex);
      if (block?.type === "call") {
        const call = { id: block.id, name: block.name, arguments: block.json === "" ? "{}" : block.json };
        yield { type: "tool_call", call };
      }
      if (block?.type === "thought") thoughts.push(...returnable(block));
    } else if (event.messageStop !== undefined) {
      stopReason = event.messageStop.stopReason ?? null;
    } else if (event.metadata !== undefined) {
      const { usage } = event.metadata;
      if (usage !== undefined) yield { type: "usage", usage: usageOf(usage) };
      if (stopReason === null) continue;
      yield {
        type: "end",
        stopReason: stopReasons[stopReason] ?? "other",
        ...(thoughts.length === 0 ? {} : { continuation: thoughts }),
      };
    }
  }
}

type OpenBlock =
  | { readonly type: "call"; readonly id: string; readonly name: string; json: string }
  | { readonly type: "thought"; text: string; signature: string | null; readonly redacted: Uint8Array[] };

/** Only a call has a start that says something: text and thoughts begin with their first piece. */
function openedBy(start: ContentBlockStart | undefined): OpenBlock | null {
  const { toolUseId, name } = start?.toolUse ?? {};
  return toolUseId === undefined || name === undefined
    ? null
    : { type: "call", id: toolUseId, name, json: "" };
}

/** Adds a piece to a block that is not shown; returns its bytes. */
function grow(block: OpenBlock, delta: ContentBlockDelta): number {
  if (block.type === "call") {
    const piece = delta.toolUse?.input ?? "";
    block.json += piece;
    return Buffer.byteLength(piece);
  }
  const thought = delta.reasoningContent;
  if (thought?.signature !== undefined) block.signature = (block.signature ?? "") + thought.signature;
  if (thought?.redactedContent !== undefined) block.redacted.push(thought.redactedContent);
  const piece = thought?.text ?? "";
  block.text += piece;
  return Buffer.byteLength(piece);
}

/** Unsigned thoughts stay here: models that think without signing refuse to have them back. */
function returnable(block: Extract<OpenBlock, { type: "thought" }>): Thoughts {
  if (block.redacted.length > 0) {
    return [{ redactedBase64: Buffer.concat(block.redacted).toString("base64") }];
  }
  return block.signature === null ? [] : [{ text: block.text, signature: block.signature }];
}

/** `inputTokens` is without the cache's on this wire; thoughts are within `outputTokens` and not told apart. */
function usageOf(usage: ConverseUsage): TokenUsage {
  return {
    inputTokens: usage.inputTokens ?? 0,
    outputTokens: usage.outputTokens ?? 0,
    reasoningTokens: 0,
    cacheReadTokens: usage.cacheReadInputTokens ?? 0,
    cacheWriteTokens: usage.cacheWriteInputTokens ?? 0,
  };
}
