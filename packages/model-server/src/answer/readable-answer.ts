import { type Ask, type Attachment, newestQuestion, type ToolResult } from "./ask.ts";

/** An answer for people who try Gantry without a provider's key, and for tests that want to see what arrived. */
export function readableAnswer(ask: Ask, prompt: string): string {
  const question = newestQuestion(ask);
  if (question?.role === "tools") return aboutResults(question.results);
  const words = prompt.split(/\s+/).filter((word) => word !== "").length;
  const instructions = ask.instructions.trim();
  return [
    `This is Gantry's local model, standing in for ${ask.model}.`,
    prompt === "" ? "You asked nothing in particular." : `You asked: "${shortened(prompt, 240)}"`,
    instructions === "" ? null : `My instructions begin with: "${instructions.slice(0, 120)}"`,
    ...(question?.attachments ?? []).map(aboutAttachment),
    `Your prompt has ${words} ${words === 1 ? "word" : "words"}.`,
    "Configure a provider's key to get an answer from the real model.",
  ]
    .filter((line) => line !== null)
    .join(" ");
}

function aboutResults(results: readonly ToolResult[]): string {
  return results.map((result) => `The tool answered: "${shortened(result.text, 2_000)}"`).join(" ");
}

function aboutAttachment(attachment: Attachment): string {
  const size = attachment.bytes === null ? "by its address" : `of ${attachment.bytes} bytes`;
  return `You attached ${attachment.mediaType} ${size}.`;
}

function shortened(text: string, lengthMax: number): string {
  return text.length > lengthMax ? `${text.slice(0, lengthMax)}...` : text;
}
