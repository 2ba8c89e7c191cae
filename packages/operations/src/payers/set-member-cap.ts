import { lockPayer } from "@gantry/billing";
import { changeAccount } from "../accounts/change-account.ts";
import type { Forbidden, OperationsDeps, Principal } from "../deps.ts";

export interface SetMemberCapRequest {
  readonly organizationId: string;
  readonly userId: string;
  /** What the member may use of the organization's limit in a period; null: no cap. */
  readonly capMicros: number | null;
}

export type SetMemberCapResult =
  | { readonly kind: "ok" }
  /** There is no such organization. */
  | { readonly kind: "not_found" }
  | { readonly kind: "not_a_member" }
  | Forbidden;

/** Judged from the next run on, by what the member has used of the present period already. */
export function setMemberCap(
  deps: Pick<OperationsDeps, "sql" | "newId">,
  principal: Principal,
  { organizationId, userId, capMicros }: SetMemberCapRequest,
): Promise<SetMemberCapResult> {
  const account = { kind: "organization", id: organizationId } as const;
  return changeAccount(deps, principal, account, "member.cap", async (tx) => {
    const [member] = await tx<{ email: string }[]>`
      SELECT u.email FROM members m JOIN users u ON u.id = m.user_id
       WHERE m.organization_id = ${organizationId} AND m.user_id = ${userId}`;
    if (member === undefined) return { kind: "not_a_member" } as const;
    const payerId = await lockPayer(tx, account, deps.newId());
    const [cap] = await tx<{ micros: string }[]>`
      SELECT usage_limit_micros AS micros FROM member_limits WHERE payer_id = ${payerId} AND user_id = ${userId}`;
    if (capMicros === null) {
      await tx`DELETE FROM member_limits WHERE payer_id = ${payerId} AND user_id = ${userId}`;
    } else {
      await tx`
        INSERT INTO member_limits (payer_id, user_id, usage_limit_micros)
        VALUES (${payerId}, ${userId}, ${capMicros})
        ON CONFLICT (payer_id, user_id) DO UPDATE SET usage_limit_micros = excluded.usage_limit_micros`;
    }
    const capOf = (micros: number | null) => ({ member: member.email, capMicros: micros });
    const before = capOf(cap === undefined ? null : Number(cap.micros));
    return { before, after: capOf(capMicros) };
  });
}
