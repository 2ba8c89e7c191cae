import { readUsage } from "./calls/procedures.ts";
import type { Tenant } from "./installation/tenant.ts";
import { until } from "./until.ts";

/** Claims without an answer are given back with the next heartbeat, or end with their lease. */
export async function untilNothingIsInUse(baseUrl: string, tenant: Tenant): Promise<void> {
  await until("every slot and every hold is given back", async () => {
    const { heldMicros, concurrency } = await readUsage(baseUrl, tenant);
    return heldMicros === 0 && concurrency.inUse === 0 ? true : null;
  });
}
