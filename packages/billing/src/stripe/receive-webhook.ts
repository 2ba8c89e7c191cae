import { Stripe } from "stripe";
import { type ApplyDeps, applyEvent, type EventOutcome } from "./apply-event.ts";
import { type StripeUnavailable, unlessUnavailable } from "./stripe-answers.ts";

export type WebhookResult =
  | {
      readonly kind: "received";
      readonly eventId: string;
      readonly type: string;
      readonly outcome: EventOutcome;
    }
  /** Not signed with our secret, or longer ago than Stripe ever takes. Nothing was read or written. */
  | { readonly kind: "bad_signature" }
  | StripeUnavailable;

export interface WebhookDeps extends ApplyDeps {
  readonly webhookSecret: string;
  readonly now: () => number;
}

/** How old a signature may be: what was overheard cannot be sent again later. */
const toleranceSeconds = 300;

/** `body`: the bytes as they came; a signature is of bytes. Throws what the driver throws. */
export async function receiveWebhook(
  deps: WebhookDeps,
  body: Uint8Array,
  signature: string,
): Promise<WebhookResult> {
  const event = verify(deps, body, signature);
  if (event === null) return { kind: "bad_signature" };
  return unlessUnavailable(async () => {
    const outcome = await applyEvent(deps, event);
    return { kind: "received", eventId: event.id, type: event.type, outcome };
  });
}

function verify({ stripe, webhookSecret, now }: WebhookDeps, body: Uint8Array, signature: string) {
  try {
    return stripe.webhooks.constructEvent(body, signature, webhookSecret, toleranceSeconds, undefined, now());
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return null;
    throw error;
  }
}
