import type { PaidPlan, StripePrices } from "@gantry/billing";
import { z } from "zod";

/** What connects Gantry to an account at Stripe. */
export interface StripeEnv {
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly prices: StripePrices;
  /** Null: Stripe's own. */
  readonly apiUrl: string | null;
}

const plans: ReadonlySet<string> = new Set<PaidPlan>(["pro", "team", "enterprise"]);
const isPlan = (text: string): text is PaidPlan => plans.has(text);

function wrong(context: z.RefinementCtx): never {
  context.addIssue("must be such as price_1=pro,price_2=team, each price once");
  return z.NEVER;
}

export const stripeVariables = {
  STRIPE_SECRET_KEY: z.string().trim().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().trim().optional(),
  STRIPE_PRICES: z
    .string()
    .default("")
    .transform((text, context): StripePrices => {
      const prices = new Map<string, PaidPlan>();
      for (const entry of text.split(",")) {
        const [price = "", plan = "", ...rest] = entry.split("=").map((part) => part.trim());
        if (price === "" && plan === "") continue;
        if (price !== "" && isPlan(plan) && rest.length === 0 && !prices.has(price)) prices.set(price, plan);
        else return wrong(context);
      }
      return prices.size > 0 || text === "" ? prices : wrong(context);
    }),
  STRIPE_API_URL: z
    .string()
    .refine(
      (text) => URL.canParse(text) && /^https?:\/\/[^/]+\/?$/.test(text),
      "must be a URL without a path that starts with http:// or https://",
    )
    .optional(),
};

/** Null: plans are set by an operator. */
export function stripeEnvOf(parsed: z.infer<z.ZodObject<typeof stripeVariables>>): StripeEnv | null {
  const {
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_PRICES: prices,
  } = parsed;
  if (secretKey === undefined || webhookSecret === undefined) return null;
  return { secretKey, webhookSecret, prices, apiUrl: parsed.STRIPE_API_URL ?? null };
}

/** One sentence for each variable that has to be set too. Behind a proxy only `PUBLIC_URL` says where people come back to. */
export function missingForStripe(set: Readonly<Record<string, unknown>>): string[] {
  if (set["STRIPE_SECRET_KEY"] === undefined) return [];
  return [
    "STRIPE_WEBHOOK_SECRET",
    "STRIPE_PRICES",
    ...(set["NODE_ENV"] === "production" ? ["PUBLIC_URL"] : []),
  ]
    .filter((name) => set[name] === undefined)
    .map((name) => `${name} must be set with STRIPE_SECRET_KEY.`);
}
