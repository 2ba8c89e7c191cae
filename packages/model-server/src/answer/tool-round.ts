import type { Ask } from "./ask.ts";

/**
 * What is wrong with the tool calls and results of a conversation: a call without its result in the next turn, or a
 * result without its call in the turn before. Every provider refuses both. Null: nothing is wrong.
 */
export function toolRoundProblem(ask: Ask): string | null {
  for (const [index, turn] of ask.turns.entries()) {
    if (turn.role === "assistant") {
      const next = ask.turns[index + 1];
      const answered = new Set(next?.role === "tools" ? next.results.map((result) => result.callId) : []);
      const open = turn.callIds.filter((id) => !answered.has(id));
      if (open.length > 0) return `These tool calls have no result in the next turn: ${open.join(", ")}`;
    }
    if (turn.role === "tools") {
      const before = ask.turns[index - 1];
      const called = new Set(before?.role === "assistant" ? before.callIds : []);
      const stray = turn.results.map((result) => result.callId).filter((id) => !called.has(id));
      if (stray.length > 0) return `These tool results have no call in the turn before: ${stray.join(", ")}`;
    }
  }
  return null;
}
