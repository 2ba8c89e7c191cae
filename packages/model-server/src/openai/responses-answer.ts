import type {
  Response,
  ResponseError,
  ResponseFunctionToolCall,
  ResponseOutputItem,
  ResponseOutputMessage,
  Tool,
} from "openai/resources/responses/responses";
import {
  type Answer,
  type AnswerBlock,
  numberedBlocks,
  type ToolCallBlock,
  textOf,
} from "../answer/answer.ts";
import type { AnswerHead } from "../wire.ts";
import { createdAtSeconds } from "./chat-answer.ts";
import { responseUsage } from "./openai-usage.ts";
import type { ResponsesRequest } from "./responses-request.ts";

/** What is on the wire; the SDK adds `output_text` itself. */
export type WireResponse = Omit<Response, "output_text">;

/** A call has two ids: that of the item, and the one that its result names. */
export interface ItemIds {
  readonly item: string;
  readonly call: string;
}

type ItemStatus = "in_progress" | "completed" | "incomplete";

/** The answer as one response. Output that ran into a bound or a filter is `incomplete`, and says why. */
export function wholeResponse(request: ResponsesRequest, answer: Answer, head: AnswerHead): WireResponse {
  const reason = incompleteReason(answer);
  return {
    ...begunResponse(request, head),
    status: finalStatus(answer),
    incomplete_details: reason === null ? null : { reason },
    output: numberedBlocks(answer).map(({ block, call }, index) =>
      doneItem(block, answer, itemIds(head, index, call)),
    ),
    usage: responseUsage(answer.usage),
  };
}

/** A response before its first item. */
export function begunResponse(request: ResponsesRequest, head: AnswerHead): WireResponse {
  const tools = (request.tools ?? []).map(
    (tool): Tool => ({
      type: "function",
      name: tool.name,
      description: tool.description ?? null,
      parameters: tool.parameters ?? null,
      strict: tool.strict ?? true,
    }),
  );
  return {
    id: `resp_local_${head.sequence}`,
    object: "response",
    created_at: createdAtSeconds,
    status: "in_progress",
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    metadata: {},
    model: request.model,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: null,
    temperature: request.temperature ?? 1,
    tool_choice: request.tool_choice ?? "auto",
    tools,
    top_p: request.top_p ?? 1,
    truncation: "disabled",
  };
}

export function failedResponse(
  request: ResponsesRequest,
  head: AnswerHead,
  error: ResponseError,
): WireResponse {
  return { ...begunResponse(request, head), status: "failed", error };
}

/** A block as a finished item of the output. */
export function doneItem(block: AnswerBlock, answer: Answer, ids: ItemIds): ResponseOutputItem {
  const status = finalStatus(answer);
  return block.type === "text"
    ? { ...messageItem(ids, status), content: [contentPart(textOf(block), answer)] }
    : { ...callItem(block, ids, status), arguments: textOf(block) };
}

/** A message without its text. */
export function messageItem(ids: ItemIds, status: ItemStatus): ResponseOutputMessage {
  return { id: ids.item, type: "message", role: "assistant", status, content: [] };
}

/** A call without its arguments. */
export function callItem(block: ToolCallBlock, ids: ItemIds, status: ItemStatus): ResponseFunctionToolCall {
  return { id: ids.item, type: "function_call", call_id: ids.call, name: block.name, arguments: "", status };
}

export function contentPart(text: string, answer: Answer): ResponseOutputMessage["content"][number] {
  return answer.stopReason === "refusal"
    ? { type: "refusal", refusal: text }
    : { type: "output_text", text, annotations: [], logprobs: [] };
}

export function finalStatus(answer: Answer): "completed" | "incomplete" {
  return incompleteReason(answer) === null ? "completed" : "incomplete";
}

export function itemIds(head: AnswerHead, index: number, call: number): ItemIds {
  return { item: `item_local_${head.sequence}_${index}`, call: `call_local_${head.sequence}_${call}` };
}

function incompleteReason(answer: Answer): NonNullable<Response.IncompleteDetails["reason"]> | null {
  if (answer.stopReason === "max_tokens") return "max_output_tokens";
  return answer.stopReason === "filtered" ? "content_filter" : null;
}
