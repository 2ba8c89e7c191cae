import type { AnswerEvent } from "../adapter.ts";
import type { GenerateRequest, StopReason, TokenUsage } from "../port.ts";
import { type CountedUsage, contentChunk } from "./content-chunk.ts";
import type { Signatures } from "./contents.ts";
import { UnusableAnswer } from "./unusable-answer.ts";

/** What an end means; null: there is no answer. Ones that only come with images, and newer ones, are not here. */
const stopReasons = new Map<string, StopReason | null>([
  ["STOP", "end"],
  ["MAX_TOKENS", "max_tokens"],
  ["CONTINUATION", "max_tokens"],
  ["SAFETY", "refusal"],
  ["RECITATION", "refusal"],
  ["BLOCKLIST", "refusal"],
  ["PROHIBITED_CONTENT", "refusal"],
  ["SPII", "refusal"],
  ["MALFORMED_FUNCTION_CALL", null],
  ["UNEXPECTED_TOOL_CALL", null],
  ["TOO_MANY_TOOL_CALLS", null],
]);

/**
 * The stream of streamGenerateContent in the words of all wires. Every chunk is a whole response with some of the parts,
 * and the last one says why the answer ends: no event of its own closes a stream. A prompt that a filter caught has no
 * candidate at all. Throws `UnusableAnswer`.
 */
export async function* contentEvents(
  chunks: AsyncIterable<unknown>,
  { messages }: GenerateRequest,
): AsyncGenerator<AnswerEvent, void, undefined> {
  const signed: Signatures = { calls: [], text: null };
  let begun = false;
  let counted: CountedUsage | null = null;
  let stopReason: StopReason | null = null;

  for await (const value of chunks) {
    const chunk = contentChunk(value);
    if (!begun) yield { type: "begin", model: chunk.modelVersion ?? null };
    begun = true;
    const candidate = chunk.candidates[0];
    for (const { text, thought, functionCall, thoughtSignature = null } of candidate?.content?.parts ?? []) {
      if (functionCall !== undefined) {
        // Made up where the model gives none: no other round of the conversation has the same number of messages.
        const { id = `call_${messages.length}_${signed.calls.length}`, name, args } = functionCall;
        signed.calls.push(thoughtSignature);
        const call = { id, name, arguments: JSON.stringify(args) };
        yield { type: "hidden", bytes: Buffer.byteLength(call.arguments) };
        yield { type: "tool_call", call };
        continue;
      }
      if (thoughtSignature !== null) signed.text = thoughtSignature;
      yield thought ? { type: "hidden", bytes: Buffer.byteLength(text) } : { type: "text", text };
    }
    // A prompt that was caught may come without counts; any other answer without them is not whole.
    const isCaught = chunk.promptFeedback?.blockReason !== undefined;
    counted = chunk.usageMetadata ?? counted ?? (isCaught ? nothing : null);
    if (counted !== null) yield { type: "usage", usage: usageOf(counted) };
    if (isCaught) stopReason = "refusal";
    if (candidate?.finishReason !== undefined) {
      stopReason = stopReasonOf(candidate.finishReason, candidate.finishMessage, signed.calls.length > 0);
    }
  }

  if (stopReason === null) return;
  const isSigned = signed.text !== null || signed.calls.some((signature) => signature !== null);
  yield { type: "end", stopReason, ...(isSigned ? { continuation: signed } : {}) };
}

function stopReasonOf(reason: string, message: string | undefined, called: boolean): StopReason {
  const stopReason = stopReasons.get(reason);
  if (stopReason === null) throw new UnusableAnswer(message ?? reason);
  return stopReason === "end" && called ? "tool_calls" : (stopReason ?? "other");
}

const nothing: CountedUsage = {
  promptTokenCount: 0,
  cachedContentTokenCount: 0,
  toolUsePromptTokenCount: 0,
  candidatesTokenCount: 0,
  thoughtsTokenCount: 0,
};

/** The prompt's count includes what was cached, that of the candidates is without thoughts; tools of Google's own add to the prompt. */
function usageOf(counted: CountedUsage): TokenUsage {
  const cacheReadTokens = counted.cachedContentTokenCount;
  return {
    inputTokens: Math.max(0, counted.promptTokenCount - cacheReadTokens) + counted.toolUsePromptTokenCount,
    outputTokens: counted.candidatesTokenCount + counted.thoughtsTokenCount,
    reasoningTokens: counted.thoughtsTokenCount,
    cacheReadTokens,
    cacheWriteTokens: 0,
  };
}
