import type { PayerOwner } from "../lock-payer.ts";

/** Null: the owner was deleted. */
export function payerOwnerOf(payer: {
  readonly user_id: string | null;
  readonly organization_id: string | null;
}): PayerOwner | null {
  if (payer.user_id !== null) return { kind: "user", id: payer.user_id };
  return payer.organization_id === null ? null : { kind: "organization", id: payer.organization_id };
}
