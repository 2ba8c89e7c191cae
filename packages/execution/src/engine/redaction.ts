import type { JsonValue } from "@gantry/workflow";
import { engineLimits } from "./limits.ts";
import { percentEncode } from "./percent-encode.ts";

/**
 * Replaces the secrets that a run has deciphered, wherever they turn up in what leaves the run, by their label. It looks
 * for each value as it is, as JSON text writes it and as a URL writes it. Values shorter than four characters are not
 * looked for, and what a block computes from a secret (a hash, base64) is not recognised.
 */
export class Redaction {
  readonly #labels = new Map<string, string>();
  #pattern: RegExp | null = null;

  add(secret: string, label: string): void {
    for (const form of [secret, JSON.stringify(secret).slice(1, -1), percentEncode(secret)]) {
      if (form.length < engineLimits.secretCharsMin || this.#labels.has(form)) continue;
      this.#labels.set(form, label);
      this.#pattern = null;
    }
  }

  text(text: string): string {
    if (this.#labels.size === 0) return text;
    return text.replace(this.#search(), (found) => this.#labels.get(found) ?? found);
  }

  /** Keys included. The value itself when nothing has to be replaced anywhere in the run, else a frozen copy. */
  value(value: JsonValue): JsonValue {
    if (this.#labels.size === 0) return value;
    if (typeof value === "string") return this.text(value);
    if (typeof value !== "object" || value === null) return value;
    const copy = Array.isArray(value)
      ? value.map((item) => this.value(item))
      : Object.fromEntries(
          Object.entries(value).map(([key, member]) => [this.text(key), this.value(member)]),
        );
    Object.freeze(copy);
    return copy;
  }

  /** For text that arrives in pieces: a secret that is split across them is found as well. */
  stream(): TextRedaction {
    let held = "";
    return {
      push: (text) => {
        if (held === "" && this.#labels.size === 0) return text;
        const { clear, rest } = this.#split(held + text);
        held = rest;
        return clear;
      },
      end: () => {
        const rest = this.text(held);
        held = "";
        return rest;
      },
    };
  }

  /** Redacts as far as no later text can change the outcome; `rest` may be the beginning of a secret. */
  #split(text: string): { clear: string; rest: string } {
    if (this.#labels.size === 0) return { clear: text, rest: "" };
    const undecidedFrom = this.#undecidedFrom(text);
    let clear = "";
    let position = 0;
    for (const match of text.matchAll(this.#search())) {
      if (match.index >= undecidedFrom) break;
      clear += text.slice(position, match.index) + (this.#labels.get(match[0]) ?? match[0]);
      position = match.index + match[0].length;
    }
    const end = Math.max(position, undecidedFrom);
    return { clear: clear + text.slice(position, end), rest: text.slice(end) };
  }

  /** The first index from which the rest of the text is a proper beginning of a secret. */
  #undecidedFrom(text: string): number {
    let first = text.length;
    for (const form of this.#labels.keys()) {
      const firstChar = form.charAt(0);
      let at = text.indexOf(firstChar, Math.max(0, text.length - form.length + 1));
      while (at !== -1 && at < first) {
        if (form.startsWith(text.slice(at))) first = at;
        at = text.indexOf(firstChar, at + 1);
      }
    }
    return first;
  }

  /** One pass over the text, the longest form first: a label is never searched again for another secret. */
  #search(): RegExp {
    this.#pattern ??= new RegExp(
      [...this.#labels.keys()]
        .sort((a, b) => b.length - a.length)
        .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"))
        .join("|"),
      "g",
    );
    return this.#pattern;
  }
}

export interface TextRedaction {
  /** What can be told so far; may be empty. */
  push(text: string): string;
  /** What was held back. */
  end(): string;
}
