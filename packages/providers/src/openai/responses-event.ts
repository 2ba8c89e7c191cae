import { z } from "zod";
import { UnreadableChunk } from "../chat-completions/chat-chunk.ts";
import { reasoningItem } from "./thoughts.ts";

const count = z.int().min(0);
const optionalCount = count.nullish().catch(null);

const usage = z.object({
  input_tokens: count,
  input_tokens_details: z
    .object({ cached_tokens: optionalCount, cache_write_tokens: optionalCount })
    .nullish()
    .catch(null),
  output_tokens: count,
  output_tokens_details: z.object({ reasoning_tokens: optionalCount }).nullish().catch(null),
});
export type ResponsesUsage = z.infer<typeof usage>;

const response = z.object({
  model: z.string().nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  usage: usage.nullish().catch(null),
});
export type EndedResponse = z.infer<typeof response>;

const functionCall = z.object({
  type: z.literal("function_call"),
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
});
/** Messages, which have been streamed; reasoning without its seal, which cannot go back; items of tools that nobody asked for. */
const otherItem = z.object({ type: z.string().refine((type) => type !== "function_call") });

const responsesEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("response.created"), response }),
  z.object({ type: z.enum(["response.output_text.delta", "response.refusal.delta"]), delta: z.string() }),
  z.object({
    type: z.enum([
      "response.function_call_arguments.delta",
      "response.reasoning_summary_text.delta",
      "response.reasoning_text.delta",
    ]),
    delta: z.string(),
  }),
  z.object({
    type: z.literal("response.output_item.done"),
    item: z.union([functionCall, reasoningItem, otherItem.transform(() => null)]),
  }),
  z.object({ type: z.enum(["response.completed", "response.incomplete"]), response }),
  z.object({ type: z.literal("response.failed"), response: z.object({ error: z.unknown() }) }),
  z.looseObject({ type: z.literal("error") }),
]);
export type ResponsesEvent = z.infer<typeof responsesEvent>;

/** Null: an event that says nothing that the others do not. Throws `UnreadableChunk` for one that cannot be read. */
export function readResponsesEvent(json: unknown): ResponsesEvent | null {
  const parsed = responsesEvent.safeParse(json);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path ?? [];
  if (path.length === 1 && path[0] === "type") return null;
  throw new UnreadableChunk(`A part of the answer is no event of the Responses API (${path.join(".")}).`);
}
