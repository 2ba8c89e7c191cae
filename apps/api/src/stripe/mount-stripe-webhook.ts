import type { StripeBilling, WebhookResult } from "@gantry/billing/stripe";
import type { FastifyInstance } from "fastify";
import { errorBody, type PublicError, publicErrorOf, replyTo } from "../http/public-error.ts";

/** Stripe's events are some kilobytes. */
const bodyLimit = 1_000_000;

/** `POST /api/stripe/webhook`, where Stripe is connected. Whatever is not answered with 200, Stripe sends again. */
export async function mountStripeWebhook(app: FastifyInstance, stripe: StripeBilling | null): Promise<void> {
  if (stripe === null) return;
  await app.register(async (scope) => {
    scope.setErrorHandler((thrown, request, reply) => {
      const error = publicErrorOf(thrown, request.id);
      if (error.status >= 500) request.log.error({ err: thrown }, "an event of Stripe was not received");
      return replyTo(reply, error).send(errorBody(error.status === 413 ? tooLarge : error));
    });
    // What is signed is the bytes.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    scope.post("/api/stripe/webhook", { bodyLimit }, async (request, reply) => {
      const { body, headers } = request;
      const signature = headers["stripe-signature"];
      const result = await stripe.receiveWebhook(
        body instanceof Uint8Array ? body : new Uint8Array(),
        typeof signature === "string" ? signature : "",
      );
      request.log.info(result, "an event of Stripe");
      const error = errorOf(result);
      return error === null ? { received: true } : replyTo(reply, error).send(errorBody(error));
    });
  });
}

function errorOf(result: WebhookResult): PublicError | null {
  switch (result.kind) {
    case "received":
      return result.outcome === "contended" ? later : null;
    case "bad_signature":
      return badSignature;
    case "stripe_unavailable":
      return later;
  }
}

const badSignature: PublicError = {
  status: 400,
  code: "BAD_SIGNATURE",
  message: "The event is not signed with this endpoint's secret, or was signed too long ago.",
  details: {},
};

const later: PublicError = {
  status: 503,
  code: "UNAVAILABLE",
  message: "The event cannot be applied right now. Send it again.",
  details: {},
  retryAfterSeconds: 5,
};

const tooLarge: PublicError = {
  status: 413,
  code: "PAYLOAD_TOO_LARGE",
  message: "An event may have 1 MB at most.",
  details: {},
};
