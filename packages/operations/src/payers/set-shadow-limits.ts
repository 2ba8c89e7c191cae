import { lockPayer } from "@gantry/billing";
import type postgres from "postgres";
import type { ShadowLimits } from "../accounts/account-view.ts";
import { changeAccount } from "../accounts/change-account.ts";
import type { Account, Forbidden, OperationsDeps, Principal } from "../deps.ts";

export interface SetShadowLimitsRequest {
  readonly account: Account;
  /** All three: what is null here is rehearsed no longer. What was recorded stays. */
  readonly shadowLimits: ShadowLimits;
}

export type SetShadowLimitsResult = { readonly kind: "ok" } | { readonly kind: "not_found" } | Forbidden;

/** From now on these are evaluated and recorded for each run of the payer, and refuse nobody. */
export function setShadowLimits(
  deps: Pick<OperationsDeps, "sql" | "newId">,
  principal: Principal,
  { account, shadowLimits: after }: SetShadowLimitsRequest,
): Promise<SetShadowLimitsResult> {
  return changeAccount(deps, principal, account, "payer.shadow_limits", async (tx) => {
    const payerId = await lockPayer(tx, account, deps.newId());
    const before = await readShadowLimits(tx, payerId);
    await tx`
      UPDATE payers
         SET shadow_usage_limit_micros = ${after.usageLimitMicros},
             shadow_runs_per_minute = ${after.runsPerMinute},
             shadow_concurrent_runs_max = ${after.concurrentRunsMax}
       WHERE id = ${payerId}`;
    return { before, after };
  });
}

async function readShadowLimits(tx: postgres.TransactionSql, payerId: string): Promise<ShadowLimits> {
  const [row] = await tx<Row[]>`
    SELECT shadow_usage_limit_micros AS usage_limit_micros, shadow_runs_per_minute AS runs_per_minute,
           shadow_concurrent_runs_max AS concurrent_runs_max
      FROM payers WHERE id = ${payerId}`;
  if (row === undefined) throw new Error("The payer is locked by this transaction.");
  return {
    usageLimitMicros: row.usage_limit_micros === null ? null : Number(row.usage_limit_micros),
    runsPerMinute: row.runs_per_minute,
    concurrentRunsMax: row.concurrent_runs_max,
  };
}

interface Row {
  usage_limit_micros: string | null;
  runs_per_minute: number | null;
  concurrent_runs_max: number | null;
}
