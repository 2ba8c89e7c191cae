import type { JsonValue } from "./definition.ts";
import type { Reference, Template, TemplateTree } from "./plan.ts";

/** What a reference stands for in one run, or why it has no value. */
export type Resolved<Failure> =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly failure: Failure };

export type Resolve<Failure> = (reference: Reference) => Resolved<Failure>;

/** `reference.source` is the reference as its author wrote it. The first one without a value ends the rendering. */
export interface RenderFailure<Failure> {
  readonly ok: false;
  readonly reference: Reference;
  readonly failure: Failure;
}

export type Rendered<Value, Failure> = { readonly ok: true; readonly value: Value } | RenderFailure<Failure>;

/** The template as text. Strings are put in as they are, every other value as its JSON text. */
export function renderText<Failure>(
  template: Template,
  resolve: Resolve<Failure>,
): Rendered<string, Failure> {
  let text = "";
  for (const part of template) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    const resolved = resolve(part);
    if (!resolved.ok) {
      return { ok: false, reference: part, failure: resolved.failure };
    }
    text += typeof resolved.value === "string" ? resolved.value : JSON.stringify(resolved.value);
  }
  return { ok: true, value: text };
}

/**
 * The template's value: of a template that is exactly one reference, what it points at, type kept and not copied;
 * of any other, its text.
 */
export function renderValue<Failure>(
  template: Template,
  resolve: Resolve<Failure>,
): Rendered<JsonValue, Failure> {
  const [only, ...others] = template;
  if (only === undefined || typeof only === "string" || others.length > 0) {
    return renderText(template, resolve);
  }
  const resolved = resolve(only);
  return resolved.ok ? resolved : { ok: false, reference: only, failure: resolved.failure };
}

/** A fresh JSON value in the tree's shape, every template in it replaced by its value. */
export function renderTree<Failure>(
  tree: TemplateTree,
  resolve: Resolve<Failure>,
): Rendered<JsonValue, Failure> {
  switch (tree.kind) {
    case "literal":
      return { ok: true, value: tree.value };
    case "template":
      return renderValue(tree.template, resolve);
    case "array": {
      const items: JsonValue[] = [];
      for (const item of tree.items) {
        const rendered = renderTree(item, resolve);
        if (!rendered.ok) {
          return rendered;
        }
        items.push(rendered.value);
      }
      return { ok: true, value: items };
    }
    case "object": {
      const entries: [string, JsonValue][] = [];
      for (const [key, item] of tree.entries) {
        const rendered = renderTree(item, resolve);
        if (!rendered.ok) {
          return rendered;
        }
        entries.push([key, rendered.value]);
      }
      return { ok: true, value: Object.fromEntries(entries) };
    }
  }
}

export type FollowedPath =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly message: string };

/**
 * Follows a reference's path into a value: keys through an object's own properties only, indexes through arrays only.
 * The message of a failure is a sentence that names the reference's source and the step that led nowhere.
 */
export function followPath(
  root: JsonValue,
  reference: Extract<Reference, { readonly path: unknown }>,
): FollowedPath {
  let value = root;
  for (const [depth, step] of reference.path.entries()) {
    const next = child(value, step);
    if (next === undefined) {
      const walked = reference.path.slice(0, depth).map(stepText).join("") || "the value";
      const message = `${reference.source} has no value: ${walked} is ${kindOf(value)} without ${stepText(step)}.`;
      return { ok: false, message };
    }
    value = next;
  }
  return { ok: true, value };
}

function child(value: JsonValue, step: string | number): JsonValue | undefined {
  if (Array.isArray(value)) {
    return typeof step === "number" ? value[step] : undefined;
  }
  if (typeof value !== "object" || value === null || typeof step !== "string") {
    return undefined;
  }
  return Object.hasOwn(value, step) ? value[step] : undefined;
}

function stepText(step: string | number): string {
  return typeof step === "number" ? `[${step}]` : `.${step}`;
}

function kindOf(value: JsonValue): string {
  if (Array.isArray(value)) {
    return `an array of ${value.length}`;
  }
  if (value === null) {
    return "null";
  }
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
