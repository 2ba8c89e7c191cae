import type { JsonValue, Plan } from "@gantry/workflow";

/** The run's output; the rule is told at `RunPlan`. `outputs`: of the blocks that ran. */
export function runOutput(
  plan: Plan,
  outputs: ReadonlyMap<string, JsonValue>,
  hasContinued: (blockId: string) => boolean,
): JsonValue {
  const blocks = plan.order.flatMap((id) => plan.blocks[id] ?? []);
  const responses = blocks.filter((block) => block.type === "response");
  if (responses.length > 0) {
    const answered = responses
      .map((block) => outputs.get(block.block.id))
      .find((output) => output !== undefined);
    return answered === undefined ? null : member(answered, "output");
  }
  const last: [string, JsonValue][] = [];
  for (const { block } of blocks) {
    const output = outputs.get(block.id);
    if (output !== undefined && !hasContinued(block.id)) last.push([block.name, output]);
  }
  return Object.freeze(Object.fromEntries(last));
}

function member(value: JsonValue, key: string): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return value[key] ?? null;
}
