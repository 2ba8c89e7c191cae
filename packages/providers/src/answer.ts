import type { AnswerEvent } from "./adapter.ts";
import type { GenerateRequest, StopReason, TokenUsage, ToolCall } from "./port.ts";

/** What has arrived of an answer. */
export interface AnswerReader {
  read(event: AnswerEvent): void;
  /**
   * The whole answer once its end has come; before that null, whatever has arrived. Its usage is estimated where the provider
   * counted nothing, as some compatible servers never do: without it no answer of theirs could be used, or all would be free.
   */
  finished(): FinishedAnswer | null;
  /** Tokens billed for a call that broke off; null while nothing is known to be. */
  usageSoFar(): TokenUsage | null;
  /** True once a part of the answer has come, thoughts included: from then on a repeated call is billed twice. */
  answerBegan(): boolean;
}

export interface FinishedAnswer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly model: string;
  readonly stopReason: StopReason;
  readonly continuation: unknown;
  readonly usage: TokenUsage;
}

/**
 * Estimates err upwards: English has about four bytes a token, code and JSON about three, and other languages have fewer
 * tokens a byte rather than more.
 */
const bytesPerToken = 3;

export function createAnswerReader(request: GenerateRequest): AnswerReader {
  const toolCalls: ToolCall[] = [];
  let model = request.model;
  let text = "";
  let deliveredBytes = 0;
  let counted: TokenUsage | null = null;
  let end: Extract<AnswerEvent, { type: "end" }> | null = null;

  return {
    read(event) {
      switch (event.type) {
        case "begin":
          model = event.model ?? model;
          return;
        case "text":
          text += event.text;
          deliveredBytes += Buffer.byteLength(event.text);
          return;
        case "hidden":
          deliveredBytes += event.bytes;
          return;
        case "tool_call":
          toolCalls.push(event.call);
          return;
        case "usage":
          counted = event.usage;
          return;
        case "end":
          end = event;
          return;
      }
    },
    finished() {
      if (end === null) return null;
      const { stopReason, continuation = null } = end;
      return { text, toolCalls, model, stopReason, continuation, usage: counted ?? estimated() };
    },
    // A provider counts the answer in its last event, and some the prompt too. Without an estimate for an answer that broke
    // off, whoever cancels just before the end would have it for nothing.
    usageSoFar() {
      if (counted === null && deliveredBytes === 0) return null;
      const estimate = estimated();
      if (counted === null) return estimate;
      return { ...counted, outputTokens: Math.max(counted.outputTokens, estimate.outputTokens) };
    },
    answerBegan: () => deliveredBytes > 0 || toolCalls.length > 0,
  };

  function estimated(): TokenUsage {
    return {
      ...nothing,
      inputTokens: estimatedPromptTokens(request),
      outputTokens: Math.min(request.maxTokens, Math.ceil(deliveredBytes / bytesPerToken)),
    };
  }
}

const nothing: TokenUsage = {
  inputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
};

function estimatedPromptTokens({ system, messages, tools, responseSchema }: GenerateRequest): number {
  const texts = [
    system ?? "",
    ...messages.map(textOf),
    tools.length === 0 ? "" : JSON.stringify(tools),
    responseSchema === null ? "" : JSON.stringify(responseSchema),
  ];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return Math.ceil(bytes / bytesPerToken);
}

/** Images and documents aside: what they come to is the provider's secret. */
function textOf(message: GenerateRequest["messages"][number]): string {
  switch (message.role) {
    case "user":
      return message.content.map((part) => (part.type === "text" ? part.text : "")).join("");
    case "assistant":
      return message.text + message.toolCalls.map((call) => call.arguments).join("");
    case "tool":
      return message.results.map((result) => result.text).join("");
  }
}
