import type postgres from "postgres";
import type { Account } from "../deps.ts";

/** What an operator calls an account by. */
export type AccountName = { readonly email: string } | { readonly slug: string };

/** An account, and what people know it by: an email or a slug. */
export interface NamedAccount extends Account {
  readonly handle: string;
}

/** By its email or slug; null when there is none. Emails are kept in lower case. */
export async function findAccount(sql: postgres.ISql, name: AccountName): Promise<NamedAccount | null> {
  const byEmail = "email" in name;
  const [row] = byEmail
    ? await sql<{ id: string; handle: string }[]>`
        SELECT id, email AS handle FROM users WHERE email = ${name.email.toLowerCase()}`
    : await sql<{ id: string; handle: string }[]>`
        SELECT id, slug AS handle FROM organizations WHERE slug = ${name.slug}`;
  return row === undefined ? null : { kind: byEmail ? "user" : "organization", ...row };
}

/** By its id; null when there is none. */
export async function nameAccount(sql: postgres.ISql, { kind, id }: Account): Promise<NamedAccount | null> {
  const [row] =
    kind === "user"
      ? await sql<{ handle: string }[]>`SELECT email AS handle FROM users WHERE id = ${id}`
      : await sql<{ handle: string }[]>`SELECT slug AS handle FROM organizations WHERE id = ${id}`;
  return row === undefined ? null : { kind, id, handle: row.handle };
}
