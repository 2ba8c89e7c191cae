import { type BillingConfig, defaultBilling, type Plan } from "@gantry/billing";
import { z } from "zod";
import { readConfigFile } from "./config-file.ts";

const count = z.int().min(1);
const plan = z
  .strictObject({
    usageLimitMicros: z.int().min(0).nullable(),
    syncRunsPerMinute: count,
    asyncRunsPerMinute: count,
    concurrentRunsMax: count,
    syncDeadlineMs: count,
    asyncDeadlineMs: count,
  } satisfies Record<keyof Plan, z.ZodType>)
  .partial();
const overrides = z.strictObject({
  baseChargeMicros: z.int().min(0).optional(),
  holdSliceMicros: z.int().min(0).optional(),
  plans: z.strictObject({ free: plan, pro: plan, team: plan, enterprise: plan }).partial().optional(),
});

/**
 * The plans that hold here: the defaults, and what the operator's JSON file puts in their place, number by number.
 * Throws `OperatorError` naming everything that is wrong with the file.
 */
export async function loadBilling(enabled: boolean, file: string | null): Promise<BillingConfig> {
  if (file === null) return { ...defaultBilling, enabled };
  const given = await readConfigFile("BILLING_CONFIG", file, (json) => overrides.parse(json));
  const { plans = {} } = given;
  const merged = (name: keyof BillingConfig["plans"]): Plan =>
    merge(defaultBilling.plans[name], plans[name] ?? {});
  return {
    enabled,
    baseChargeMicros: given.baseChargeMicros ?? defaultBilling.baseChargeMicros,
    holdSliceMicros: given.holdSliceMicros ?? defaultBilling.holdSliceMicros,
    plans: {
      free: merged("free"),
      pro: merged("pro"),
      team: merged("team"),
      enterprise: merged("enterprise"),
    },
  };
}

function merge(base: Plan, given: z.infer<typeof plan>): Plan {
  return {
    usageLimitMicros: given.usageLimitMicros === undefined ? base.usageLimitMicros : given.usageLimitMicros,
    syncRunsPerMinute: given.syncRunsPerMinute ?? base.syncRunsPerMinute,
    asyncRunsPerMinute: given.asyncRunsPerMinute ?? base.asyncRunsPerMinute,
    concurrentRunsMax: given.concurrentRunsMax ?? base.concurrentRunsMax,
    syncDeadlineMs: given.syncDeadlineMs ?? base.syncDeadlineMs,
    asyncDeadlineMs: given.asyncDeadlineMs ?? base.asyncDeadlineMs,
  };
}
