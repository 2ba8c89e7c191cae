import { ActiveRun } from "./active-run.ts";
import type { EngineResources } from "./engine.ts";
import { engineLimits } from "./limits.ts";
import type { ChildCall, ChildEnd, RunScope } from "./run-scope.ts";

/**
 * Runs another workflow's plan inside a run: on its slot, its budget, its secrets and its signal. The child's blocks are
 * not told; what its model calls cost is.
 */
export async function runChild(
  call: ChildCall,
  parent: RunScope,
  resources: EngineResources,
): Promise<ChildEnd> {
  const { childDepthMax, childRunsMax } = engineLimits;
  const depth = parent.depth + 1;
  if (depth > childDepthMax)
    return { ok: false, message: `Workflows may call each other ${childDepthMax} deep, and no deeper.` };
  if (!parent.totals.takeChild())
    return { ok: false, message: `One run may call other workflows ${childRunsMax} times, and no more.` };
  const scope: RunScope = {
    secrets: parent.secrets,
    totals: parent.totals,
    depth,
    charged: call.charged,
    runChild: (grandchild) => runChild(grandchild, scope, resources),
  };
  const child = new ActiveRun(call, resources, scope);
  let end: ChildEnd | null = null;
  for await (const event of child.events()) {
    switch (event.type) {
      case "run.started":
      case "block.started":
      case "text.chunk":
        break;
      case "block.completed":
      case "block.failed":
        for (const charge of event.charges) call.charge(charge);
        break;
      case "run.completed":
        end = { ok: true, output: event.output };
        break;
      case "run.failed":
        end = { ok: false, message: event.error.message };
        break;
      case "run.cancelled":
        end = { ok: false, message: "The workflow was stopped." };
        break;
    }
  }
  if (end === null) throw new Error("A child run ended without telling how.");
  return end;
}
