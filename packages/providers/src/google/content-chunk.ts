import { z } from "zod";
import { UnusableAnswer } from "./unusable-answer.ts";

const count = z.int().min(0).default(0);
const functionCall = z.object({
  id: z.string().optional(),
  name: z.string(),
  args: z.record(z.string(), z.unknown()).default({}),
});
const part = z.object({
  text: z.string().default(""),
  thought: z.boolean().default(false),
  thoughtSignature: z.string().optional(),
  functionCall: functionCall.optional(),
});
const candidate = z.object({
  content: z.object({ parts: z.array(part).default([]) }).optional(),
  finishReason: z.string().optional(),
  finishMessage: z.string().optional(),
});
const usage = z.object({
  promptTokenCount: count,
  cachedContentTokenCount: count,
  toolUsePromptTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
});
const chunk = z.object({
  modelVersion: z.string().optional(),
  candidates: z.array(candidate).default([]),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  usageMetadata: usage.optional(),
});

export type CountedUsage = z.infer<typeof usage>;

/** What is read of a part of the stream. The SDK passes on what came, and it may come from any server that a user names. Throws `UnusableAnswer`. */
export function contentChunk(value: unknown): z.infer<typeof chunk> {
  const parsed = chunk.safeParse(value);
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues[0];
  throw new UnusableAnswer(
    `A part of the answer has another form than Gemini's at ${problem?.path.join(".")}.`,
  );
}
