import type { RateNumbers } from "@gantry/execution";

/**
 * draft-ietf-httpapi-ratelimit-headers. The policy: at most `q` runs at once, and as many again in each window of `w`
 * seconds. The state: `r` runs are left now; in `t` seconds there is one again, or, when some are left, all of them.
 */
export function rateLimitHeaders(rate: RateNumbers | null): Record<string, string> {
  if (rate === null) return {};
  const { counter, capacity, perMinute, remaining } = rate;
  const missing = remaining === 0 ? 1 : capacity - remaining;
  return {
    "ratelimit-policy": `"${counter}";q=${capacity};w=${seconds(capacity, perMinute)}`,
    ratelimit: `"${counter}";r=${remaining};t=${seconds(missing, perMinute)}`,
  };
}

function seconds(tokens: number, perMinute: number): number {
  return Math.ceil((tokens / perMinute) * 60);
}
