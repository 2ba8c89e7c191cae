import type { CheckoutDeps } from "./create-checkout.ts";
import { type NotManaged, type Principal, payerAccess } from "./payer-access.ts";
import { isMissingCustomer, type StripeUnavailable, unlessUnavailable } from "./stripe-answers.ts";

export type PortalResult =
  /** Where the browser goes on. */
  | { readonly kind: "ok"; readonly url: string }
  /** This payer has never bought anything. */
  | { readonly kind: "no_customer" }
  | NotManaged
  | StripeUnavailable;

/** The page at Stripe where a payer sees invoices, changes its card and cancels. */
export async function createPortal(
  { sql, stripe, returnUrl }: Omit<CheckoutDeps, "prices">,
  principal: Principal,
  workspaceId: string,
): Promise<PortalResult> {
  const access = await payerAccess(sql, principal, workspaceId);
  if (access.kind !== "allowed") return access;
  const customer = access.payer.customerId;
  if (customer === null) return { kind: "no_customer" };
  return unlessUnavailable(async (): Promise<PortalResult> => {
    try {
      const session = await stripe.billingPortal.sessions.create({
        customer,
        return_url: returnUrl(workspaceId),
      });
      return { kind: "ok", url: session.url };
    } catch (error) {
      if (isMissingCustomer(error)) return { kind: "no_customer" };
      throw error;
    }
  });
}
