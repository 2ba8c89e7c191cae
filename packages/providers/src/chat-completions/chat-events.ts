import type { EventSourceMessage } from "eventsource-parser";
import type { AnswerEvent } from "../adapter.ts";
import type { GenerateRequest, StopReason } from "../port.ts";
import { type ChatDelta, parseEventData, readChatChunk, usageOf } from "./chat-chunk.ts";
import { type Reasoning, reasoningFields } from "./chat-reasoning.ts";
import { StreamedError } from "./told-error.ts";
import { createToolCallPieces } from "./tool-call-pieces.ts";

const stopReasons: Readonly<Record<string, StopReason>> = {
  stop: "end",
  length: "max_tokens",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  content_filter: "refusal",
};

/**
 * A stream of chat completions in the words of all wires. Its end is `[DONE]` after a finish reason; a stream that stops
 * before is not whole, whatever has come. What follows `[DONE]` is read and passed over, so that the connection is free.
 */
export async function* chatEvents(
  events: AsyncIterable<EventSourceMessage>,
  request: GenerateRequest,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const calls = createToolCallPieces(callsIn(request));
  let begun = false;
  let done = false;
  let finishReason: string | null = null;
  let refused = false;
  let reasoning: Reasoning | null = null;

  for await (const { event, data } of events) {
    if (done) continue;
    if (data.startsWith("[DONE]")) {
      done = true;
      if (finishReason === null) continue;
      const toolCalls = calls.whole();
      for (const call of toolCalls) yield { type: "tool_call", call };
      yield {
        type: "end",
        stopReason: refused ? "refusal" : stopReasonOf(finishReason, toolCalls.length),
        ...(reasoning === null ? {} : { continuation: reasoning }),
      };
      continue;
    }
    const json = parseEventData(data);
    if (event === "error" || isError(json)) throw new StreamedError(json);
    const chunk = readChatChunk(json);
    if (chunk.x_groq?.error) throw new StreamedError(chunk.x_groq.error);
    if (!begun) {
      begun = true;
      yield { type: "begin", model: chunk.model ?? null };
    }
    const [choice] = chunk.choices ?? [];
    if (choice?.delta != null) {
      yield* shownAndHidden(choice.delta);
      refused ||= (choice.delta.refusal ?? "") !== "";
      reasoning = withReasoning(reasoning, choice.delta);
    }
    finishReason = choice?.finish_reason ?? finishReason;
    const usage = usageOf(chunk);
    if (usage !== null) yield { type: "usage", usage };
  }

  function* shownAndHidden(delta: ChatDelta): Generator<AnswerEvent, void, undefined> {
    const text = (delta.content ?? "") + (delta.refusal ?? "");
    if (text !== "") yield { type: "text", text };
    let hidden = Buffer.byteLength(reasoningOf(delta)?.text ?? "");
    for (const piece of delta.tool_calls ?? []) hidden += calls.add(piece);
    if (hidden > 0) yield { type: "hidden", bytes: hidden };
  }
}

function callsIn({ messages }: GenerateRequest): number {
  return messages.reduce((sum, said) => sum + (said.role === "assistant" ? said.toolCalls.length : 0), 0);
}

/** Some servers end with `stop` although they call tools. */
function stopReasonOf(finishReason: string, toolCalls: number): StopReason {
  const stopReason = stopReasons[finishReason] ?? "other";
  return stopReason === "end" && toolCalls > 0 ? "tool_calls" : stopReason;
}

/** vLLM sends some errors without a name around them. */
function isError(json: unknown): boolean {
  if (typeof json !== "object" || json === null) return false;
  return ("error" in json && json.error != null) || ("object" in json && json.object === "error");
}

/** A server in between may send the same thoughts under both names. */
function reasoningOf(delta: ChatDelta): Reasoning | null {
  for (const field of reasoningFields) {
    const text = delta[field];
    if (text) return { field, text };
  }
  return null;
}

function withReasoning(before: Reasoning | null, delta: ChatDelta): Reasoning | null {
  const more = reasoningOf(delta);
  if (more === null || before === null) return more ?? before;
  return before.field === more.field ? { ...before, text: before.text + more.text } : before;
}
