import type { ClaimAnswer, ClaimRequest, ClaimResult, TopUpAnswer, TopUpRequest } from "../../port.ts";

/** The order of the gates: the first thing in the way is the answer. */
export function resultOfClaim(request: ClaimRequest, seen: Omit<ClaimAnswer, "result">): ClaimResult {
  const { holdMicros } = request;
  const [limit, memberLimit] = limitsOf(request);
  if (seen.settledMicros + holdMicros > limit) return "usage";
  if (seen.memberSettledMicros + holdMicros > memberLimit) return "member_usage";
  if (seen.tokens !== null && seen.tokens < 1) return "rate";
  if (seen.slotsInUse >= (request.concurrentRunsMax ?? Number.POSITIVE_INFINITY)) return "concurrency";
  if (seen.settledMicros + seen.heldMicros + holdMicros > limit) return "payer_headroom";
  if (seen.memberSettledMicros + seen.memberHeldMicros + holdMicros > memberLimit) return "member_headroom";
  return "claimed";
}

/** `ownMicros`: what the run holds; null when it has no slot under this epoch. */
export function resultOfTopUp(
  request: TopUpRequest,
  ownMicros: number | null,
  seen: Omit<TopUpAnswer, "result">,
): TopUpAnswer["result"] {
  if (ownMicros === null) return "lost";
  const { addMicros } = request;
  const [limit, memberLimit] = limitsOf(request);
  if (seen.settledMicros + ownMicros + addMicros > limit) return "usage";
  if (seen.memberSettledMicros + ownMicros + addMicros > memberLimit) return "member_usage";
  if (seen.settledMicros + seen.heldMicros + addMicros > limit) return "payer_headroom";
  if (seen.memberSettledMicros + seen.memberHeldMicros + addMicros > memberLimit) return "member_headroom";
  return "held";
}

function limitsOf(request: Pick<ClaimRequest, "limitMicros" | "memberLimitMicros">): [number, number] {
  return [
    request.limitMicros ?? Number.POSITIVE_INFINITY,
    request.memberLimitMicros ?? Number.POSITIVE_INFINITY,
  ];
}
