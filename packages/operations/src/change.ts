import type postgres from "postgres";
import { type AuditEntry, writeEntry } from "./audit/entry.ts";
import type { Actor, Forbidden, OperationsDeps } from "./deps.ts";
import { hasAdminRole } from "./roles/is-admin.ts";

/** A change was made, and this is what the audit log is to say of it. */
export interface Made<S> {
  readonly entry: AuditEntry<S>;
}

export type ChangeResult<S, No extends string> =
  | { readonly kind: "ok"; readonly before: S; readonly after: S }
  /** Nothing was changed, and nothing is in the audit log. */
  | { readonly kind: No }
  | Forbidden;

/**
 * Changes something of the installation: the role of who does it, the change and its entry in the audit log are one
 * transaction, so that none of them is ever without the others. All such changes happen one after the other; that is
 * what makes it safe to look first and act then.
 */
export async function change<S, No extends string>(
  { sql, newId }: Pick<OperationsDeps, "sql" | "newId">,
  actor: Actor,
  make: (tx: postgres.TransactionSql) => Promise<Made<S> | { readonly kind: No }>,
): Promise<ChangeResult<S, No>> {
  const { result } = await sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(${lockKey}::bigint)`;
    return { result: await changeIn(tx, newId, actor, make) };
  });
  return result;
}

/** Any number that no other advisory lock of Gantry uses. */
const lockKey = "7305168820190442001";

async function changeIn<S, No extends string>(
  tx: postgres.TransactionSql,
  newId: () => string,
  actor: Actor,
  make: (tx: postgres.TransactionSql) => Promise<Made<S> | { readonly kind: No }>,
): Promise<ChangeResult<S, No>> {
  if (actor !== "operator" && !(await hasAdminRole(tx, actor))) return { kind: "forbidden" };
  const outcome = await make(tx);
  if (!isMade(outcome)) return outcome;
  const { entry } = outcome;
  await writeEntry(tx, newId(), actor, entry);
  return { kind: "ok", before: entry.before, after: entry.after };
}

function isMade<S>(outcome: Made<S> | { readonly kind: string }): outcome is Made<S> {
  return "entry" in outcome;
}
