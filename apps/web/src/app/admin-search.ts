import { notFound } from "@tanstack/react-router";

// What the addresses of admin pages carry.

export interface TextSearch {
  /** What a name, an email or a slug begins with. */
  readonly search?: string | undefined;
}

export function textSearch({ search }: Record<string, unknown>): TextSearch {
  return typeof search === "string" && search !== "" ? { search } : {};
}

type Kind = "user" | "organization";

export interface AccountSearch {
  readonly kind?: Kind | undefined;
  readonly id?: string | undefined;
}

export function accountSearch({ kind, id }: Record<string, unknown>): AccountSearch {
  return isKind(kind) && typeof id === "string" ? { kind, id } : {};
}

export interface SubjectSearch {
  /** The id of a user, an organization or a run. */
  readonly subject?: string | undefined;
}

export function subjectSearch({ subject }: Record<string, unknown>): SubjectSearch {
  return typeof subject === "string" ? { subject } : {};
}

export const accountParams = {
  parse: ({ kind, id }: { kind: string; id: string }) => {
    if (!isKind(kind)) throw notFound();
    return { kind, id };
  },
};

function isKind(value: unknown): value is Kind {
  return value === "user" || value === "organization";
}
