import {
  type FollowedPath,
  followPath,
  type JsonValue,
  type Plan,
  type Reference,
  type Rendered,
  type Resolved,
  renderText,
  renderTree,
  renderValue,
  type Template,
  type TemplateTree,
} from "@gantry/workflow";
import type { BlockError } from "./events.ts";
import { engineLimits } from "./limits.ts";
import { percentEncode } from "./percent-encode.ts";
import { environmentLabel, type RunSecrets } from "./run-secrets.ts";
import { jsonChars } from "./seal-json.ts";

/** What references point at while a run goes on. */
export interface RunValues {
  readonly plan: Plan;
  readonly outputs: ReadonlyMap<string, JsonValue>;
  readonly isSkipped: (blockId: string) => boolean;
  readonly secrets: RunSecrets;
}

/** `values`: for the block. `labels`: for the event; environment values stay `{{NAME}}` and are not deciphered. */
export type RenderMode = "values" | "labels";

/**
 * Replaces the references of one block. A reference to a block that was skipped is null, so that a block after a merge
 * can name either branch; one to a member that is not there is a failure. The first failure is kept and something empty
 * stands in its place: the caller asks for `failure` once, when the whole input is rendered.
 */
export class Renderer {
  failure: BlockError | null = null;
  readonly #values: RunValues;
  readonly #mode: RenderMode;
  #charsLeft: number = engineLimits.blockInputCharsMax;

  constructor(values: RunValues, mode: RenderMode) {
    this.#values = values;
    this.#mode = mode;
  }

  text(template: Template): string {
    return this.#keep(renderText(template, this.#resolve), "");
  }

  value(template: Template): JsonValue {
    return this.#keep(renderValue(template, this.#resolve), null);
  }

  tree(tree: TemplateTree): JsonValue {
    return this.#keep(renderTree(tree, this.#resolve), null);
  }

  texts(templates: Readonly<Record<string, Template>>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(templates).map(([name, template]) => [name, this.text(template)]),
    );
  }

  values(templates: Readonly<Record<string, Template>>): Record<string, JsonValue> {
    return Object.fromEntries(
      Object.entries(templates).map(([name, template]) => [name, this.value(template)]),
    );
  }

  /**
   * A URL. A reference at its very beginning goes in as it is: it is the address, or all of the URL. Any other is one
   * piece of it and is percent-encoded, so that no value can add a path segment, a parameter or a host. A piece of the
   * path that is `.` or `..` would climb out of it, encoded or not, and is refused.
   */
  url(template: Template): string {
    let url = "";
    for (const [index, part] of template.entries()) {
      const text = this.text([part]);
      if (typeof part === "string" || index === 0) url += text;
      else if (this.#mode === "labels" && part.kind === "environment") url += text;
      else {
        if (/^\.\.?$/.test(text) && !/[?#]/.test(url)) {
          const message = `${part.source} is "${text}", which cannot be a piece of a URL's path.`;
          this.failure ??= { code: "INVALID_INPUT", message, retryable: false };
        }
        url += percentEncode(text);
      }
    }
    return url;
  }

  readonly #resolve = (reference: Reference): Resolved<BlockError> => {
    const resolved = this.#lookUp(reference);
    if (!resolved.ok) return resolved;
    this.#charsLeft -= jsonChars(resolved.value, this.#charsLeft);
    if (this.#charsLeft >= 0) return resolved;
    return failure(
      "INVALID_INPUT",
      `The block's input grows beyond ${engineLimits.blockInputCharsMax} characters when its references are replaced.`,
    );
  };

  #lookUp(reference: Reference): Resolved<BlockError> {
    const { plan, outputs, isSkipped } = this.#values;
    if (reference.kind === "environment") return this.#environment(reference.name);
    if (reference.kind === "variable") return this.#follow(own(plan.variables, reference.name), reference);
    if (isSkipped(reference.blockId)) return { ok: true, value: null };
    return this.#follow(outputs.get(reference.blockId), reference);
  }

  #follow(
    root: JsonValue | undefined,
    reference: Exclude<Reference, { kind: "environment" }>,
  ): Resolved<BlockError> {
    const followed: FollowedPath =
      root === undefined
        ? { ok: false, message: `${reference.source} has no value in this run.` }
        : followPath(root, reference);
    if (followed.ok) return followed;
    if (this.#mode === "labels") return { ok: true, value: reference.source };
    return failure("REFERENCE_UNRESOLVED", followed.message);
  }

  #environment(name: string): Resolved<BlockError> {
    if (this.#mode === "labels") return { ok: true, value: environmentLabel(name) };
    const lookup = this.#values.secrets.environment(name);
    if (lookup.kind === "found") return { ok: true, value: lookup.value };
    return lookup.kind === "missing"
      ? failure("ENVIRONMENT_VALUE_MISSING", `There is no environment value named ${name}.`)
      : failure(
          "ENVIRONMENT_VALUE_UNREADABLE",
          `The environment value ${name} cannot be decrypted. Store it again.`,
        );
  }

  #keep<Value>(rendered: Rendered<Value, BlockError>, otherwise: Value): Value {
    if (rendered.ok) return rendered.value;
    this.failure ??= rendered.failure;
    return otherwise;
  }
}

function failure(code: BlockError["code"], message: string): { ok: false; failure: BlockError } {
  return { ok: false, failure: { code, message, retryable: false } };
}

function own(values: Plan["variables"], name: string): JsonValue | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
