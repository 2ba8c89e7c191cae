import type { ClaimPayer, ClaimRequest } from "../port.ts";
import type { Simulation } from "./simulation.ts";

type MoneyLimits = Pick<ClaimPayer, "limitMicros" | "memberLimitMicros">;

/** Now and then a limit that what is asked for just fits into, or is one micro-dollar too much for. */
export function atTheEdge(
  { chance, model }: Simulation,
  request: ClaimRequest,
  asked: { readonly askedMicros: number; readonly ownMicros: number },
): Partial<MoneyLimits> {
  if (chance.odds(0.6)) return {};
  const seen = model.inspect({ ...request, memberLimitMicros: Number.MAX_SAFE_INTEGER });
  const fits = asked.askedMicros - chance.between(0, 1);
  switch (chance.pick(["usage", "member_usage", "payer_headroom", "member_headroom"] as const)) {
    case "usage":
      return { limitMicros: seen.settledMicros + asked.ownMicros + fits };
    case "member_usage":
      return { memberLimitMicros: seen.memberSettledMicros + asked.ownMicros + fits };
    case "payer_headroom":
      return { limitMicros: seen.settledMicros + seen.heldMicros + fits };
    case "member_headroom":
      return { memberLimitMicros: seen.memberSettledMicros + seen.memberHeldMicros + fits };
  }
}
