import type { Limits } from "@gantry/billing";
import type { Numbers } from "./refusal.ts";

/** The usage limit among the numbers of a verdict, with what it comes from. */
export function usageLimitNumbers({ usageLimitMicros, plan, sources, seats }: Limits): Numbers {
  return {
    limitMicros: usageLimitMicros,
    plan,
    source: sources.usageLimit,
    ...(seats === null ? {} : { seats: seats.count, seatMicros: seats.eachMicros }),
  };
}
