import { readBilling } from "@gantry/billing";
import type { CheckoutResult, PortalResult } from "@gantry/billing/stripe";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { badInput, denied, notFound } from "../trpc/failures.ts";
import { id, procedure, router } from "../trpc/trpc.ts";

const ofWorkspace = z.strictObject({ workspaceId: id });

export const billingRouter = router({
  /** Null: nobody pays for the workspace. `sells`: the plans that can be bought here; null: an operator sets them. */
  get: procedure.input(ofWorkspace).query(async ({ ctx, input }) => {
    const { sql, stripe } = ctx.deps.billing;
    const result = await readBilling(sql, ctx.who, input.workspaceId);
    switch (result.kind) {
      case "ok":
        return { ...result.view, sells: stripe?.plansSold ?? null };
      case "unpaid":
        return null;
      case "not_found":
        throw notFound("workspace");
    }
  }),

  checkout: procedure
    .input(ofWorkspace.extend({ plan: z.enum(["pro", "team"]), seats: z.int().min(1).max(1_000) }))
    .mutation(async ({ ctx, input }) => {
      const result = await ctx.deps.billing.stripe?.createCheckout(ctx.who, input);
      return placeToGo(result);
    }),

  portal: procedure.input(ofWorkspace).mutation(async ({ ctx, input }) => {
    const result = await ctx.deps.billing.stripe?.createPortal(ctx.who, input.workspaceId);
    return placeToGo(result);
  }),
});

/** `undefined`: Stripe is not connected. */
function placeToGo(result: CheckoutResult | PortalResult | undefined): { readonly url: string } {
  switch (result?.kind) {
    case "ok":
      return { url: result.url };
    case undefined:
      throw new TRPCError({
        code: "PRECONDITION_FAILED",
        message: "Billing is not connected to Stripe: an operator sets plans.",
      });
    case "not_sold":
      throw badInput("This plan is not sold here.", [
        { path: ["plan"], message: "This plan is not sold here." },
      ]);
    case "covered":
      throw badInput(
        "This account has that plan or a higher one already, from an operator or an organization. Buying it would change nothing.",
        [],
      );
    case "no_customer":
      throw badInput("There is nothing to manage at Stripe yet.", []);
    case "stripe_unavailable":
      throw new TRPCError({
        code: "SERVICE_UNAVAILABLE",
        message: "Stripe does not answer right now. Try again in a moment.",
      });
    case "not_found":
    case "forbidden":
      throw denied(result.kind, "workspace", "change what pays for this workspace");
  }
}
