import { compileText, type Plan, type Problem } from "@gantry/workflow";
import type { CompiledVersion, CompiledVersions } from "../caches.ts";
import type { WorkflowFacts } from "./facts.ts";
import type { Profile } from "./profile.ts";

export type DefinitionResult =
  | {
      readonly kind: "compiled";
      readonly plan: Plan;
      /** Null for a draft. */
      readonly version: { readonly id: string; readonly number: number } | null;
      readonly source: "hit" | "miss" | "draft";
    }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/**
 * The plan that the facts point at. `held` is what this process had compiled when it asked for the facts; it is used
 * even if the cache has let it go since, because the facts then came without the text.
 */
export function resolveDefinition(
  versions: CompiledVersions,
  workflow: WorkflowFacts,
  profile: Profile,
  held: CompiledVersion | null,
): DefinitionResult {
  if (profile.definition === "draft") {
    const result = compileText(workflow.definition ?? "");
    return result.ok
      ? { kind: "compiled", plan: result.plan, version: null, source: "draft" }
      : { kind: "invalid", problems: result.problems };
  }
  const version = workflow.activeVersion;
  if (version === null) throw new Error("A workflow without an active version passed the deployment gate.");
  const known = held?.versionId === version.id ? held : versions.get(version.id);
  if (known !== null) return { kind: "compiled", plan: known.plan, version, source: "hit" };
  if (workflow.definition === null)
    throw new Error("The facts came without the definition that was asked for.");
  const result = compileText(workflow.definition);
  if (!result.ok) return { kind: "invalid", problems: result.problems };
  versions.put({
    versionId: version.id,
    workflowId: workflow.id,
    plan: result.plan,
    size: workflow.definition.length,
  });
  return { kind: "compiled", plan: result.plan, version, source: "miss" };
}
