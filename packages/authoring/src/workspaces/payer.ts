import { payers } from "@gantry/db";
import type { AuthoringDatabase } from "../deps.ts";
import { oneRow } from "../one-row.ts";

export type PayerOwner =
  | { readonly kind: "user"; readonly userId: string }
  | { readonly kind: "organization"; readonly organizationId: string };

/** The payer of a user or organization; made when there is none. Two callers at once get the same one. */
export async function ensurePayer(db: AuthoringDatabase, id: string, owner: PayerOwner): Promise<string> {
  const insert =
    owner.kind === "user"
      ? db
          .insert(payers)
          .values({ id, userId: owner.userId })
          .onConflictDoUpdate({ target: payers.userId, set: { userId: owner.userId } })
      : db
          .insert(payers)
          .values({ id, organizationId: owner.organizationId })
          .onConflictDoUpdate({
            target: payers.organizationId,
            set: { organizationId: owner.organizationId },
          });
  return oneRow(await insert.returning({ id: payers.id })).id;
}
