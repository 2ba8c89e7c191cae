import { changeAccount } from "../accounts/change-account.ts";
import type { Account, Forbidden, OperationsDeps, Principal } from "../deps.ts";

export type LiftBanResult =
  | { readonly kind: "ok" }
  | { readonly kind: "not_found" }
  | { readonly kind: "not_banned" }
  | Forbidden;

/** Ends what bans the account now. The rows stay, to be read. */
export function liftBan(
  deps: Pick<OperationsDeps, "sql" | "newId">,
  principal: Principal,
  account: Account,
): Promise<LiftBanResult> {
  return changeAccount(deps, principal, account, "account.lift_ban", async (tx) => {
    const [lifted] = await tx<{ reason: string; ends_at: number | null; lifted_at: number }[]>`
      WITH counted AS (
        SELECT id, reason, ends_at FROM bans
         WHERE subject_id = ${account.id} AND (ends_at IS NULL OR ends_at > now())
      ), lifted AS (
        UPDATE bans b SET ends_at = now() FROM counted c WHERE b.id = c.id
      )
      SELECT reason, extract(epoch FROM ends_at)::float8 * 1000 AS ends_at,
             floor(extract(epoch FROM now())::float8 * 1000) AS lifted_at
        FROM counted ORDER BY ends_at DESC NULLS FIRST`;
    if (lifted === undefined) return { kind: "not_banned" } as const;
    const { reason, ends_at: endsAt, lifted_at: liftedAt } = lifted;
    return { before: { reason, endsAt }, after: { reason, endsAt: liftedAt } };
  });
}
