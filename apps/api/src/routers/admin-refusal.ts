import type {
  BanResult,
  FreeSlotResult,
  GetAccountResult,
  LiftBanResult,
  SetLimitsResult,
  SetMemberCapResult,
  SetPlanResult,
  UnblockPayerResult,
} from "@gantry/operations";
import type { TRPCError } from "@trpc/server";
import { badInput, denied, notFound } from "../trpc/failures.ts";

type Result =
  | BanResult
  | FreeSlotResult
  | GetAccountResult
  | LiftBanResult
  | SetLimitsResult
  | SetMemberCapResult
  | SetPlanResult
  | UnblockPayerResult;

/** Every way in which a use case of admins says no. */
type No = Exclude<Result["kind"], "ok" | "freed" | "already_ended">;

export function adminRefusal(kind: No): TRPCError {
  return refusals[kind]();
}

const notNow = (sentence: string) => () => badInput(sentence, []);

const refusals: Readonly<Record<No, () => TRPCError>> = {
  forbidden: () => denied("forbidden", "page", "manage this Gantry: that is for its admins"),
  not_found: () => notFound("account"),
  no_slot: () => notFound("run in progress"),
  not_a_member: notNow("This person is not in the organization any more."),
  already_banned: notNow("This account is banned already. Lift that ban first."),
  not_banned: notNow("This account is not banned any more."),
  ends_in_the_past: notNow("The end must lie in the future."),
  not_blocked: notNow("This account is not blocked any more."),
  limit_needed: notNow("An enterprise may use exactly its own limit: without one, nothing. Give it a limit."),
  paid_through_stripe: notNow("This account pays through Stripe: change or end its subscription there."),
};
