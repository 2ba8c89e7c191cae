import { changeAccount } from "../accounts/change-account.ts";
import type { Account, Forbidden, OperationsDeps, Principal } from "../deps.ts";

export interface BanRequest {
  readonly account: Account;
  /** For admins; never told to whom it concerns. */
  readonly reason: string;
  /** Unix milliseconds; null: without end. */
  readonly endsAt: number | null;
}

export type BanResult =
  | { readonly kind: "ok" }
  | { readonly kind: "not_found" }
  /** One ban counts at a time: lift it first. */
  | { readonly kind: "already_banned" }
  /** By the clock of the database. */
  | { readonly kind: "ends_in_the_past" }
  | Forbidden;

/**
 * From now on no run starts that this account acts in, whose workflow it owns or that it pays for. Runs in progress go
 * on. Nothing else of the account changes: its people can sign in and see why their runs are refused.
 */
export function banAccount(
  deps: Pick<OperationsDeps, "sql" | "newId">,
  principal: Principal,
  { account, reason, endsAt }: BanRequest,
): Promise<BanResult> {
  return changeAccount(deps, principal, account, "account.ban", async (tx) => {
    const ends = endsAt === null ? null : new Date(endsAt);
    const [now] = await tx<{ banned: boolean; past: boolean | null }[]>`
      SELECT ${ends}::timestamptz <= now() AS past, EXISTS (
        SELECT 1 FROM bans WHERE subject_id = ${account.id} AND (ends_at IS NULL OR ends_at > now())) AS banned`;
    if (now?.past === true) return { kind: "ends_in_the_past" } as const;
    if (now?.banned === true) return { kind: "already_banned" } as const;
    const userId = account.kind === "user" ? account.id : null;
    const organizationId = account.kind === "organization" ? account.id : null;
    await tx`
      INSERT INTO bans (id, user_id, organization_id, reason, ends_at, created_by)
      VALUES (${deps.newId()}, ${userId}, ${organizationId}, ${reason}, ${ends}, ${principal.userId})`;
    return { before: null, after: { reason, endsAt } };
  });
}
