import type postgres from "postgres";
import type { AuditAction } from "../audit/entry.ts";
import { type ChangeResult, change, type Made } from "../change.ts";
import type { Account, Actor, OperationsDeps } from "../deps.ts";
import { nameAccount } from "./find-account.ts";

/** What was, and what is now, in the same words. */
interface Changed<S> {
  readonly before: S;
  readonly after: S;
}

/** A change of an account that exists; see `change`. */
export function changeAccount<S, No extends string>(
  deps: Pick<OperationsDeps, "sql" | "newId">,
  actor: Actor,
  account: Account,
  action: AuditAction,
  make: (tx: postgres.TransactionSql) => Promise<Changed<S> | { readonly kind: No }>,
): Promise<ChangeResult<S, No | "not_found">> {
  return change(deps, actor, async (tx): Promise<Made<S> | { readonly kind: No | "not_found" }> => {
    const named = await nameAccount(tx, account);
    if (named === null) return { kind: "not_found" };
    const outcome = await make(tx);
    if (!isChanged(outcome)) return outcome;
    const { before, after } = outcome;
    return { entry: { action, subjectId: account.id, subject: named.handle, before, after } };
  });
}

function isChanged<S>(outcome: Changed<S> | { readonly kind: string }): outcome is Changed<S> {
  return "after" in outcome;
}
