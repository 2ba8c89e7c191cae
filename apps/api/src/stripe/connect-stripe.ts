import type { StripeBilling, StripeBillingOptions } from "@gantry/billing/stripe";
import type { Env } from "../env.ts";
import { urlOf } from "../start/listen.ts";

/** Null: not configured. */
export async function connectStripe(
  env: Pick<Env, "stripe" | "publicUrl" | "host" | "port">,
  deps: Pick<StripeBillingOptions, "sql" | "now" | "newId">,
): Promise<StripeBilling | null> {
  if (env.stripe === null) return null;
  const home = env.publicUrl ?? urlOf(env.host, env.port);
  // Stripe's SDK takes 100 ms to load.
  const { createStripeBilling } = await import("@gantry/billing/stripe");
  return createStripeBilling({
    ...deps,
    ...env.stripe,
    returnUrl: (workspaceId) => new URL(`/w/${encodeURIComponent(workspaceId)}/usage`, home).href,
  });
}
