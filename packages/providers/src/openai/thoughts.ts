import { z } from "zod";
import type { Continuation } from "../port.ts";

/** An item of reasoning as the API tells it. Sealed: only OpenAI can read what is in it. */
export const reasoningItem = z.object({
  type: z.literal("reasoning"),
  id: z.string(),
  summary: z.array(z.object({ type: z.literal("summary_text"), text: z.string() })).catch([]),
  encrypted_content: z.string(),
});

const thought = reasoningItem.omit({ type: true }).extend({
  /** The id of the call that it led to; null where it led to text. */
  before: z.string().nullable(),
});
export type Thought = z.infer<typeof thought>;

/** None for an answer that came from elsewhere, over chat completions too. */
export function readThoughts(continuation: Continuation | null): readonly Thought[] {
  if (continuation?.provider !== "openai") return [];
  const parsed = z.array(thought).safeParse(continuation.data);
  return parsed.success ? parsed.data : [];
}
