import type { EventSourceMessage } from "eventsource-parser";
import type { AnswerEvent } from "../adapter.ts";
import { parseEventData } from "../chat-completions/chat-chunk.ts";
import { StreamedError } from "../chat-completions/told-error.ts";
import type { StopReason, TokenUsage } from "../port.ts";
import { type EndedResponse, type ResponsesUsage, readResponsesEvent } from "./responses-event.ts";
import type { Thought } from "./thoughts.ts";

const incompleteReasons: Readonly<Record<string, StopReason>> = {
  max_output_tokens: "max_tokens",
  content_filter: "refusal",
};

/** A stream of the Responses API in the words of all wires. It ends with `response.completed` or `response.incomplete`. */
export async function* responsesEvents(
  stream: AsyncIterable<EventSourceMessage>,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const thoughts: Thought[] = [];
  let untold: Omit<Thought, "before">[] = [];
  let calls = 0;
  let refused = false;

  for await (const { data } of stream) {
    const event = readResponsesEvent(parseEventData(data));
    switch (event?.type) {
      case "response.created":
        yield { type: "begin", model: event.response.model ?? null };
        break;
      case "response.refusal.delta":
      case "response.output_text.delta":
        refused ||= event.type === "response.refusal.delta";
        yield { type: "text", text: event.delta };
        break;
      case "response.function_call_arguments.delta":
      case "response.reasoning_summary_text.delta":
      case "response.reasoning_text.delta":
        yield { type: "hidden", bytes: Buffer.byteLength(event.delta) };
        break;
      case "response.output_item.done":
        if (event.item?.type === "reasoning") {
          untold.push(event.item);
          break;
        }
        for (const thought of untold) thoughts.push({ ...thought, before: event.item?.call_id ?? null });
        untold = [];
        if (event.item !== null) {
          const { call_id: id, name, arguments: json } = event.item;
          calls += 1;
          yield { type: "tool_call", call: { id, name, arguments: json === "" ? "{}" : json } };
        }
        break;
      case "response.completed":
      case "response.incomplete":
        if (event.response.usage != null) yield { type: "usage", usage: usageOf(event.response.usage) };
        yield {
          type: "end",
          stopReason: refused ? "refusal" : stopReasonOf(event.type, event.response, calls),
          ...(thoughts.length === 0 ? {} : { continuation: thoughts }),
        };
        break;
      case "response.failed":
        throw new StreamedError(event.response.error);
      case "error":
        throw new StreamedError(event);
      case undefined:
        break;
    }
  }
}

function stopReasonOf(type: string, { incomplete_details }: EndedResponse, calls: number): StopReason {
  if (type === "response.completed") return calls > 0 ? "tool_calls" : "end";
  return incompleteReasons[incomplete_details?.reason ?? ""] ?? "other";
}

/** Input tokens include those of the cache on this wire. */
function usageOf(counted: ResponsesUsage): TokenUsage {
  const cacheReadTokens = Math.min(counted.input_tokens, counted.input_tokens_details?.cached_tokens ?? 0);
  const cacheWriteTokens = Math.min(
    counted.input_tokens - cacheReadTokens,
    counted.input_tokens_details?.cache_write_tokens ?? 0,
  );
  return {
    inputTokens: counted.input_tokens - cacheReadTokens - cacheWriteTokens,
    outputTokens: counted.output_tokens,
    reasoningTokens: counted.output_tokens_details?.reasoning_tokens ?? 0,
    cacheReadTokens,
    cacheWriteTokens,
  };
}
