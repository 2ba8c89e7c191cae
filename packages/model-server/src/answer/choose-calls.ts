import type { Ask, Tool } from "./ask.ts";

/** The tools that the answer calls, in order. `wished`: see `Directives.callTools`. */
export function chooseCalls(ask: Ask, wished: readonly string[] | null): readonly Tool[] {
  if (ask.tools.length === 0 || ask.toolChoice.kind === "none") return [];
  const calls = wished === null ? forcedCalls(ask) : wishedCalls(ask, wished);
  return ask.parallelTools ? calls : calls.slice(0, 1);
}

function wishedCalls(ask: Ask, wished: readonly string[]): readonly Tool[] {
  if (wished.length === 0) return ask.tools;
  return wished.map(
    (name) => ask.tools.find((tool) => tool.name === name) ?? { name, inputSchema: { type: "object" } },
  );
}

function forcedCalls(ask: Ask): readonly Tool[] {
  const choice = ask.toolChoice;
  if (choice.kind === "any") return ask.tools.slice(0, 1);
  return choice.kind === "tool" ? ask.tools.filter((tool) => tool.name === choice.name) : [];
}
