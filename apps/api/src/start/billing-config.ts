import { readFile } from "node:fs/promises";
import { type BillingConfig, defaultBilling, type Plan } from "@gantry/billing";
import { z } from "zod";
import { OperatorError } from "./operator-error.ts";

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
  const parsed = overrides.safeParse(await readJson(file));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join(".") || "the file"}: ${message}`,
    );
    throw new OperatorError(`BILLING_CONFIG ${file} cannot be used. ${problems.join("; ")}.`);
  }
  const { plans = {} } = parsed.data;
  const merged = (name: keyof BillingConfig["plans"]): Plan =>
    merge(defaultBilling.plans[name], plans[name] ?? {});
  return {
    enabled,
    baseChargeMicros: parsed.data.baseChargeMicros ?? defaultBilling.baseChargeMicros,
    holdSliceMicros: parsed.data.holdSliceMicros ?? defaultBilling.holdSliceMicros,
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

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new OperatorError(`BILLING_CONFIG ${file} cannot be read as JSON.`, { cause: error });
  }
}
