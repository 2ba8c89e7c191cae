import { environmentName } from "./definition.ts";
import type { ProblemCode, Reference, Template } from "./plan.ts";
import { excerpt } from "./problem.ts";

/** What the references of one workflow can point at. */
export interface ReferenceScope {
  /** Block name to block id. */
  readonly blockIds: ReadonlyMap<string, string>;
  /** Null when the definition's variables cannot be read: then no variable is called unknown. */
  readonly variables: ReadonlySet<string> | null;
  /** The names by their lower-case form, for hints. */
  readonly similarBlocks: ReadonlyMap<string, string>;
  readonly similarVariables: ReadonlyMap<string, string>;
}

export function referenceScope(
  blockIds: ReadonlyMap<string, string>,
  variables: ReadonlySet<string> | null,
): ReferenceScope {
  return {
    blockIds,
    variables,
    similarBlocks: byLowerCase(blockIds.keys()),
    similarVariables: byLowerCase(variables ?? []),
  };
}

function byLowerCase(names: Iterable<string>): ReadonlyMap<string, string> {
  return new Map(Array.from(names, (name) => [name.toLowerCase(), name]));
}

/** A token that is meant as a reference and is none. The message continues "in field ...: ". */
export interface TemplateFault {
  readonly code: ProblemCode;
  readonly source: string;
  readonly message: string;
}

export interface ParsedTemplate {
  readonly template: Template;
  /** One for each distinct source. */
  readonly faults: readonly TemplateFault[];
}

type Token = { readonly end: number } & (
  | { readonly reference: Reference }
  | { readonly fault: TemplateFault }
);

const marker = /<|\{\{/g;
/** A name in reference position: what a block may be called, up to the `.`, `[` or `>` that ends it. */
const head = /<([A-Za-z](?:[A-Za-z0-9 _-]{0,62}[A-Za-z0-9_-])?)(?=[.[>])/y;
const step = /\.([\p{L}\p{N}_$-]+)|\[(\d{1,9})\]/uy;
const unfinished = /[^<>\n]*>/y;
const environment = /\{\{([^{}\n]+)\}\}/y;

/**
 * Splits text into literal pieces and references.
 *
 * `<Name>`, `<Name.key>`, `<Name.key[0].key>`: Name is a block's name, compared exactly; nothing stands between `<` and
 * Name. A key is one or more letters and digits of any script, `_`, `$` or `-`; an index is digits in brackets.
 * A token of this form is
 * - a reference when Name is the name of a block, or `variable` followed by a key;
 * - a fault (UNKNOWN_REFERENCE) when Name is neither, but a key follows: `<Nmae.key>` is never sent anywhere as text;
 * - otherwise text: `<div>`, `<br/>`, `</Name>`, `<a href="x">`, `a < b`, `<variable>`.
 * After a block's name or `variable`, a `.` or `[` that does not begin a well-formed path is a fault too.
 *
 * `{{NAME}}` is an environment value. Anything else on one line between `{{` and `}}` that holds no brace is a fault
 * (INVALID_FIELD): a misspelt secret is never sent anywhere as text either. `{{}}` and a lone `{{` are text.
 *
 * `\<` is a literal `<` and `\{{` a literal `{{`, whatever follows. To put a backslash before one of the two, double it:
 * `\\<Name>` is a backslash and a reference. Backslashes anywhere else are text like any other.
 *
 * Time is linear in the length of the text.
 */
export function parseTemplate(text: string, scope: ReferenceScope): ParsedTemplate {
  const parts: (string | Reference)[] = [];
  const faults = new Map<string, TemplateFault>();
  let literal = "";
  let cursor = 0;

  marker.lastIndex = 0;
  for (let found = marker.exec(text); found !== null; found = marker.exec(text)) {
    const at = found.index;
    const backslashes = backslashesBefore(text, at, cursor);
    literal += text.slice(cursor, at - Math.ceil(backslashes / 2));
    if (backslashes % 2 === 1) {
      literal += found[0];
      cursor = at + found[0].length;
    } else {
      const token = found[0] === "<" ? readReference(text, at, scope) : readEnvironment(text, at);
      if (token === null) {
        literal += text.charAt(at);
        cursor = at + 1;
      } else if ("fault" in token) {
        faults.set(token.fault.source, token.fault);
        literal += text.slice(at, token.end);
        cursor = token.end;
      } else {
        if (literal !== "") {
          parts.push(literal);
          literal = "";
        }
        parts.push(token.reference);
        cursor = token.end;
      }
    }
    marker.lastIndex = cursor;
  }
  literal += text.slice(cursor);
  if (literal !== "") {
    parts.push(literal);
  }
  return { template: parts, faults: [...faults.values()] };
}

/** Text that parses back to exactly `text`, without references, whatever the blocks are called. */
export function escapeText(text: string): string {
  let escaped = "";
  let cursor = 0;
  for (const found of text.matchAll(marker)) {
    const backslashes = backslashesBefore(text, found.index, cursor);
    escaped += `${text.slice(cursor, found.index)}${"\\".repeat(backslashes + 1)}${found[0]}`;
    cursor = found.index + found[0].length;
  }
  return escaped + text.slice(cursor);
}

function backslashesBefore(text: string, at: number, floor: number): number {
  let first = at;
  while (first > floor && text.charAt(first - 1) === "\\") {
    first -= 1;
  }
  return at - first;
}

function readReference(text: string, at: number, scope: ReferenceScope): Token | null {
  const opened = matchAt(head, text, at);
  const name = opened?.[1];
  if (opened === null || name === undefined) {
    return null;
  }
  const path: (string | number)[] = [];
  let end = at + opened[0].length;
  for (let next = matchAt(step, text, end); next !== null; next = matchAt(step, text, end)) {
    path.push(next[1] ?? Number(next[2]));
    end += next[0].length;
  }

  const blockId = scope.blockIds.get(name);
  const known = name === "variable" || blockId !== undefined;
  if (text.charAt(end) !== ">") {
    const rest = known ? matchAt(unfinished, text, end) : null;
    return rest === null ? null : unreadablePath(text.slice(at, end + rest[0].length), end + rest[0].length);
  }
  end += 1;
  const source = text.slice(at, end);
  const [first, ...deeper] = path;
  if (blockId !== undefined) {
    return { end, reference: { kind: "block", blockId, path, source } };
  }
  if (typeof first !== "string") {
    return known && first !== undefined ? unreadablePath(source, end) : null;
  }
  if (!known) {
    return unknown(source, end, "no block", scope.similarBlocks.get(name.toLowerCase()));
  }
  if (scope.variables !== null && !scope.variables.has(first)) {
    return unknown(source, end, "no variable", scope.similarVariables.get(first.toLowerCase()));
  }
  return { end, reference: { kind: "variable", name: first, path: deeper, source } };
}

function readEnvironment(text: string, at: number): Token | null {
  const found = matchAt(environment, text, at);
  const name = found?.[1];
  if (found === null || name === undefined) {
    return null;
  }
  const source = found[0];
  const end = at + source.length;
  if (environmentName.safeParse(name).success) {
    return { end, reference: { kind: "environment", name, source } };
  }
  const message = `${excerpt(source)} is no environment name: letters, digits and '_' only, no spaces, not a digit first. ${keepAsText(source)}`;
  return { end, fault: { code: "INVALID_FIELD", source, message } };
}

function unknown(source: string, end: number, what: string, similar: string | undefined): Token {
  const hint = similar === undefined ? "" : ` Did you mean "${similar}"?`;
  const message = `${excerpt(source)} names ${what} of this workflow.${hint} ${keepAsText(source)}`;
  return { end, fault: { code: "UNKNOWN_REFERENCE", source, message } };
}

function unreadablePath(source: string, end: number): Token {
  const message = `${excerpt(source)} has a path that cannot be read: write .key or [0] after the name. ${keepAsText(source)}`;
  return { end, fault: { code: "UNKNOWN_REFERENCE", source, message } };
}

function keepAsText(source: string): string {
  return `Write \\${excerpt(source)} to keep it as text.`;
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}
