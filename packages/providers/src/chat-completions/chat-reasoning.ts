import { z } from "zod";
import type { Message, ProviderId } from "../port.ts";

/** Groq, Cerebras, OpenRouter and vLLM say `reasoning`; DeepSeek, older vLLM and others `reasoning_content`. */
export const reasoningFields = ["reasoning", "reasoning_content"] as const;

const reasoning = z.object({ field: z.enum(reasoningFields), text: z.string() });

/** The thoughts of an answer, under the name that the server has for them. */
export type Reasoning = z.infer<typeof reasoning>;

/**
 * The thoughts that led to tool calls, to go back as they came: DeepSeek refuses the next round without them, and other
 * models go on from there. Those of an answer without calls are over, and some servers refuse them.
 */
export function reasoningParam(
  provider: ProviderId,
  { toolCalls, continuation }: Extract<Message, { role: "assistant" }>,
): Partial<Record<(typeof reasoningFields)[number], string>> {
  if (continuation?.provider !== provider || toolCalls.length === 0) return {};
  const parsed = reasoning.safeParse(continuation.data);
  return parsed.success ? { [parsed.data.field]: parsed.data.text } : {};
}
