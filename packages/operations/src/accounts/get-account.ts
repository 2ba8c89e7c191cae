import { type BanView, readBans } from "../bans/read-bans.ts";
import type { Account, Forbidden, OperationsDeps, Principal } from "../deps.ts";
import { readAsAdmin } from "../read-as-admin.ts";
import { type AccountView, readAccounts } from "./account-view.ts";
import { type MemberPage, type Membership, readMembers, readMemberships } from "./members.ts";

export interface AccountDetail extends AccountView {
  /** Past ones too, newest first. */
  readonly bans: readonly BanView[];
  /** Its plan is changed there, not here. */
  readonly paidThroughStripe: boolean;
  /** Of an organization; null for a user. */
  readonly members: MemberPage | null;
  /** Of a user; null for an organization. */
  readonly memberships: readonly Membership[] | null;
}

export type GetAccountResult =
  | { readonly kind: "ok"; readonly account: AccountDetail }
  | { readonly kind: "not_found" }
  | Forbidden;

export function getAccount(
  deps: Pick<OperationsDeps, "sql" | "billing">,
  principal: Principal,
  { kind, id }: Account,
): Promise<GetAccountResult> {
  return readAsAdmin(deps, principal, async (tx): Promise<GetAccountResult> => {
    const [account] = await readAccounts(tx, deps.billing, {
      where: "WHERE kind = $1 AND id = $2",
      parameters: [kind, id],
    });
    if (account === undefined) return { kind: "not_found" };
    const stripe = await tx`
      SELECT 1 FROM subscriptions
       WHERE owner_id = ${id} AND status IN ('active', 'past_due') AND stripe_subscription_id IS NOT NULL`;
    return {
      kind: "ok",
      account: {
        ...account,
        bans: await readBans(tx, id),
        paidThroughStripe: stripe.length > 0,
        members: kind === "organization" ? await readMembers(tx, id, account.period.startAt) : null,
        memberships: kind === "user" ? await readMemberships(tx, id) : null,
      },
    };
  });
}
