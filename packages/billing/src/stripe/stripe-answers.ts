import { Stripe } from "stripe";

export interface StripeUnavailable {
  readonly kind: "stripe_unavailable";
}

const { StripeAPIError, StripeConnectionError, StripeInvalidRequestError, StripeRateLimitError } =
  Stripe.errors;

/**
 * What `ask` answers, or that Stripe does not answer right now: it cannot be reached, fails, or takes no more requests.
 * Whatever else its SDK throws is a defect of ours or of the operator's set-up, and passes.
 */
export async function unlessUnavailable<T>(ask: () => Promise<T>): Promise<T | StripeUnavailable> {
  try {
    return await ask();
  } catch (error) {
    if (
      error instanceof StripeConnectionError ||
      error instanceof StripeAPIError ||
      error instanceof StripeRateLimitError
    ) {
      return { kind: "stripe_unavailable" };
    }
    throw error;
  }
}

/** Somebody deleted the customer in Stripe's dashboard. */
export function isMissingCustomer(error: unknown): boolean {
  return (
    error instanceof StripeInvalidRequestError &&
    error.code === "resource_missing" &&
    error.param === "customer"
  );
}

export function isInvalidRequest(error: unknown): boolean {
  return error instanceof StripeInvalidRequestError;
}
