import type postgres from "postgres";

/** The user or organization that pays; whether or not it has paid for anything yet. */
export interface PayerOwner {
  readonly kind: "user" | "organization";
  readonly id: string;
}

/**
 * The id of the payer of an owner who exists; made, under `newId`, unless there is one. No other change of this payer
 * passes until the transaction ends.
 */
export async function lockPayer(
  tx: postgres.TransactionSql,
  { kind, id }: PayerOwner,
  newId: string,
): Promise<string> {
  const userId = kind === "user" ? id : null;
  const organizationId = kind === "organization" ? id : null;
  await tx`INSERT INTO payers (id, user_id, organization_id)
           VALUES (${newId}, ${userId}, ${organizationId}) ON CONFLICT DO NOTHING`;
  const [payer] = await tx<{ id: string }[]>`
    SELECT id FROM payers WHERE user_id = ${userId} OR organization_id = ${organizationId} FOR NO KEY UPDATE`;
  if (payer === undefined) throw new Error("The owner was deleted while its payer was being changed.");
  return payer.id;
}
