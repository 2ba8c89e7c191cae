import type { Ask, Turn } from "./ask.ts";
import { tokenize } from "./tokens.ts";

/** Framing that real APIs add to every request and count as input. */
const framingTokens = 8;
/** About what a small image costs. */
const attachmentTokens = 250;

/** What a request is counted as. */
export function inputTokens(ask: Ask): number {
  const texts = [
    ask.instructions,
    ...ask.turns.map(textOf),
    ask.tools.length === 0 ? "" : JSON.stringify(ask.tools),
    ask.outputSchema === null ? "" : JSON.stringify(ask.outputSchema),
  ];
  const attachments = ask.turns.flatMap((turn) => (turn.role === "user" ? turn.attachments : []));
  return texts.reduce(
    (sum, text) => sum + tokenize(text).length,
    framingTokens + attachments.length * attachmentTokens,
  );
}

function textOf(turn: Turn): string {
  return turn.role === "tools" ? turn.results.map((result) => result.text).join("\n") : turn.text;
}
