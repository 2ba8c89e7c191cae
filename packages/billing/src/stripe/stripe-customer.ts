import type postgres from "postgres";
import type { Stripe } from "stripe";
import type { ManagedPayer } from "./payer-access.ts";
import { isMissingCustomer } from "./stripe-answers.ts";

interface CustomerDeps {
  readonly sql: postgres.Sql;
  readonly stripe: Stripe;
}

/**
 * Calls `use` with the payer's customer at Stripe, made when there is none or somebody deleted it there. It is stored
 * before it is used, so that every event about it finds its payer.
 */
export async function withCustomer<T>(
  deps: CustomerDeps,
  payer: ManagedPayer,
  use: (customerId: string) => Promise<T>,
): Promise<T> {
  if (payer.customerId === null) return use(await makeCustomer(deps, payer));
  try {
    return await use(payer.customerId);
  } catch (error) {
    if (!isMissingCustomer(error)) throw error;
    return use(await makeCustomer(deps, payer));
  }
}

/** Of two callers at once both use the one that was stored first; the other's stays at Stripe, unused. */
async function makeCustomer({ sql, stripe }: CustomerDeps, payer: ManagedPayer): Promise<string> {
  const { id, name, email, customerId } = payer;
  const made = await stripe.customers.create({
    name,
    ...(email === null ? {} : { email }),
    metadata: { gantry_payer: id },
  });
  const [stored] = await sql<{ stripe_customer_id: string }[]>`
    UPDATE payers
       SET stripe_customer_id = CASE WHEN stripe_customer_id IS NOT DISTINCT FROM ${customerId} THEN ${made.id}
                                     ELSE stripe_customer_id END
     WHERE id = ${id}
     RETURNING stripe_customer_id`;
  if (stored === undefined) throw new Error("Payers are never deleted.");
  return stored.stripe_customer_id;
}
