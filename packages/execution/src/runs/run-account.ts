import { topUpRefusals } from "../admission/claim-verdicts.ts";
import { dollars } from "../admission/dollars.ts";
import { type Numbers, type Refusal, refuse } from "../admission/refusal.ts";
import type { ClaimRequest, ClaimStore, TopUpAnswer } from "../claim/port.ts";
import type { Reservation, RunBudget } from "../engine/budget.ts";
import type { BlockError, BudgetRefusalCode, ModelCharge } from "../engine/events.ts";

export interface RunAccount extends RunBudget {
  /** Resolves when no charge is on its way to the store any more. */
  written(): Promise<void>;
}

export interface RunAccountDeps {
  readonly claims: Pick<ClaimStore, "topUp" | "settleCall">;
  /** Waits until what the run holds is on disk; false when the run lost its slot. */
  readonly confirm: () => Promise<boolean>;
  readonly onLost: () => void;
  /** Told why a top-up or the charge of a call was not answered. A charge that is not written here is at settlement. */
  readonly onError: (error: unknown) => void;
}

export interface RunMoney {
  readonly claim: ClaimRequest;
  readonly baseChargeMicros: number;
  /** The run's own bound, base charge included; null for none. */
  readonly maxCostMicros: number | null;
  /** For the numbers of a refusal. */
  readonly resetAt: number;
}

/**
 * What one run holds, and what of it is promised to calls in flight. A call that fits into what is left costs no round
 * trip; otherwise the hold is topped up by what is missing. What a call was charged goes to the ledger while the run
 * goes on, so that a process which dies takes none of it along.
 *
 * Invariant: the store holds at least `promised`, so settled + held never passes the limit whatever the calls cost.
 */
export function createRunAccount(deps: RunAccountDeps, money: RunMoney): RunAccount {
  const { claim, baseChargeMicros, maxCostMicros } = money;
  let held = claim.holdMicros;
  // The base charge is made at settlement and never lent to a call.
  let promised = baseChargeMicros;
  let spent = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const writing = new Set<Promise<void>>();

  function grant(boundMicros: number): Extract<Reservation, { ok: true }> {
    promised += boundMicros;
    return {
      ok: true,
      end(charge) {
        promised -= boundMicros;
        if (charge === null) return;
        spent += charge.costMicros;
        held -= charge.costMicros;
        if (charge.costMicros > boundMicros)
          deps.onError(new Error(`A call that was bounded by ${boundMicros} cost ${charge.costMicros}.`));
        write(charge);
      },
    };
  }

  function write(charge: ModelCharge): void {
    const { runId, epoch } = claim;
    const written = deps.claims
      .settleCall({ runId, epoch, charge })
      .catch(deps.onError)
      .finally(() => writing.delete(written));
    writing.add(written);
  }

  function pastOwnBound(boundMicros: number): BlockError | null {
    if (maxCostMicros === null || spent + promised + boundMicros <= maxCostMicros) return null;
    const left = maxCostMicros - spent - promised;
    return {
      code: "RUN_COST_LIMIT",
      message: `This call may cost up to ${dollars(boundMicros)}, and ${dollars(Math.max(0, left))} is left of the run's own limit of ${dollars(maxCostMicros)}.`,
      retryable: false,
    };
  }

  /** Sets more aside, on disk. Null: it is. */
  async function hold(addMicros: number): Promise<BlockError | null> {
    const { runId, epoch, payerId, userId, limitMicros, memberLimitMicros, periodStart } = claim;
    const payer = { payerId, userId, limitMicros, memberLimitMicros, periodStart };
    const answer = await deps.claims.topUp({ ...payer, runId, epoch, addMicros });
    if (answer.result !== "held" && answer.result !== "lost")
      return refused(answer, answer.result, addMicros);
    if (answer.result === "held") {
      held += addMicros;
      if (await deps.confirm()) return null;
    }
    deps.onLost();
    return lost;
  }

  async function topUp(boundMicros: number): Promise<Reservation> {
    const missing = promised + boundMicros - held;
    // Promised before it is asked for: meanwhile no other call may count on the rest that this one needs.
    const reservation = grant(boundMicros);
    if (missing <= 0) return reservation;
    let error: BlockError | null;
    try {
      error = await hold(missing);
    } catch (unanswered) {
      // It may have been taken: then the run holds more than it counts on, until it ends.
      deps.onError(unanswered);
      error = blockError(refuse("ADMISSION_UNAVAILABLE", {}, unavailableRetryMs));
    }
    if (error === null) return reservation;
    reservation.end(null);
    return { ok: false, error };
  }

  function refused(
    answer: TopUpAnswer,
    result: keyof typeof topUpRefusals,
    neededMicros: number,
  ): BlockError {
    const numbers: Numbers = {
      neededMicros,
      settledMicros: answer.settledMicros,
      heldMicros: answer.heldMicros,
      limitMicros: claim.limitMicros,
      plan: claim.plan,
      resetAt: money.resetAt,
      ...(claim.memberLimitMicros === null
        ? {}
        : {
            memberSettledMicros: answer.memberSettledMicros,
            memberHeldMicros: answer.memberHeldMicros,
            memberLimitMicros: claim.memberLimitMicros,
          }),
    };
    return blockError(refuse(topUpRefusals[result], numbers, answer.earliestEndMs));
  }

  return {
    async reserve(boundMicros) {
      const own = pastOwnBound(boundMicros);
      if (own !== null) return { ok: false, error: own };
      const isUnlimited = claim.limitMicros === null && claim.memberLimitMicros === null;
      if (isUnlimited || promised + boundMicros <= held) return grant(boundMicros);
      // One after the other: two calls at once must not both count on the same rest.
      const asked = turn.then((): Promise<Reservation> | Reservation => {
        const past = pastOwnBound(boundMicros);
        return past === null ? topUp(boundMicros) : { ok: false, error: past };
      });
      turn = asked;
      return await asked;
    },
    async written() {
      await Promise.all(writing);
    },
  };
}

const unavailableRetryMs = 1_000;

const lost: BlockError = { code: "CANCELLED", message: "The run lost its slot.", retryable: false };

function blockError(refusal: Refusal<BudgetRefusalCode>): BlockError {
  const { code, message, retryable } = refusal;
  return { code, message, retryable, refusal };
}
