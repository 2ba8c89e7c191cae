import { changeAccount } from "../accounts/change-account.ts";
import type { Account, Forbidden, OperationsDeps, Principal } from "../deps.ts";

export type UnblockPayerResult =
  | { readonly kind: "ok" }
  | { readonly kind: "not_found" }
  | { readonly kind: "not_blocked" }
  | Forbidden;

/** Lets a payer pay again, whatever it was blocked for. The next failed payment blocks it again. */
export function unblockPayer(
  deps: Pick<OperationsDeps, "sql" | "newId">,
  principal: Principal,
  account: Account,
): Promise<UnblockPayerResult> {
  return changeAccount(deps, principal, account, "payer.unblock", async (tx) => {
    const [blocked] = await tx<{ reason: string }[]>`
      WITH blocked AS (
        SELECT id, blocked_reason AS reason FROM payers
         WHERE (user_id = ${account.id} OR organization_id = ${account.id}) AND blocked_reason IS NOT NULL
           FOR NO KEY UPDATE
      )
      UPDATE payers p SET blocked_reason = NULL FROM blocked b WHERE p.id = b.id RETURNING b.reason`;
    if (blocked === undefined) return { kind: "not_blocked" } as const;
    const stateOf = (blockedReason: string | null) => ({ blockedReason });
    return { before: stateOf(blocked.reason), after: stateOf(null) };
  });
}
