import { outputKeysOf } from "./block-ports.ts";
import { templateTexts } from "./block-templates.ts";
import { type Graph, reachedFrom } from "./graph.ts";
import type { BlockOutline, Outline } from "./outline.ts";
import type { Problem, Reference } from "./plan.ts";
import { excerpt, pathText, problem, quotedList } from "./problem.ts";
import type { ParsedTemplate } from "./references.ts";

/**
 * Every reference that names nothing, begins with a key that its block's output never has, or uses a block that does not
 * run before. `judged` holds the ids of the blocks whose connections are whole enough for the last of these.
 */
export function referenceProblems(
  outline: Outline,
  parse: (text: string) => ParsedTemplate,
  graph: Graph,
  judged: ReadonlySet<string>,
): readonly Problem[] {
  const byId = new Map<string, BlockOutline>();
  const idsByName = new Map<string, string[]>();
  for (const one of outline.blocks) {
    if (one.id !== null && !byId.has(one.id)) {
      byId.set(one.id, one);
    }
    if (one.id !== null && one.name !== null) {
      idsByName.set(one.name, [...(idsByName.get(one.name) ?? []), one.id]);
    }
  }

  const problems: Problem[] = [];
  for (const user of outline.blocks) {
    if (user.type === null) {
      continue;
    }
    let upstream: ReadonlySet<string> | null = null;
    for (const { path, text } of templateTexts(user.type, user.fields)) {
      const { template, faults } = parse(text);
      const place = ["blocks", user.index, ...path];
      const add = (code: Problem["code"], says: string): void => {
        problems.push(problem(code, place, `${user.label}, ${pathText(path)}: ${says}`, user.id));
      };
      for (const fault of faults) {
        add(fault.code, fault.message);
      }
      const said = new Set<string>();
      for (const reference of template) {
        if (typeof reference === "string" || reference.kind !== "block" || said.has(reference.source)) {
          continue;
        }
        said.add(reference.source);
        const used = byId.get(reference.blockId);
        if (used === undefined) {
          continue;
        }
        const unknownKey = outputProblem(reference, used);
        if (unknownKey !== null) {
          add("UNKNOWN_REFERENCE", unknownKey);
        }
        if (user.id !== null && judged.has(user.id)) {
          upstream ??= reachedFrom([user.id], graph.predecessors);
          // A name that several blocks have is a problem of its own; any of them may be meant.
          const candidates = idsByName.get(used.name ?? "") ?? [];
          if (!candidates.some((id) => upstream?.has(id))) {
            add("REFERENCE_NOT_UPSTREAM", notUpstream(reference, used, user));
          }
        }
      }
    }
  }
  return problems;
}

function outputProblem(reference: Extract<Reference, { kind: "block" }>, used: BlockOutline): string | null {
  const [first] = reference.path;
  if (first === undefined || used.block === null) {
    return null;
  }
  const keys = outputKeysOf(used.block);
  if (typeof first === "string" && keys.includes(first)) {
    return null;
  }
  const offers = keys.length === 0 ? "it has no outputs" : `its outputs are ${quotedList(keys)}`;
  const asked = typeof first === "string" ? `output "${excerpt(first)}"` : `item [${first}]`;
  return `${excerpt(reference.source)} asks block "${used.name}" for an ${asked} that it does not have; ${offers}.`;
}

function notUpstream(reference: Reference, used: BlockOutline, user: BlockOutline): string {
  const source = excerpt(reference.source);
  return used.id === user.id
    ? `${source} uses the block's own output, which does not exist before it has run.`
    : `${source} uses block "${used.name}", which does not lead to this one: connect it, directly or through other blocks.`;
}
