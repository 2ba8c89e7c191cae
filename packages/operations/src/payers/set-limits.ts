import { lockPayer, type PayerOverrides } from "@gantry/billing";
import type postgres from "postgres";
import { changeAccount } from "../accounts/change-account.ts";
import type { Account, Forbidden, OperationsDeps, Principal } from "../deps.ts";

export interface SetLimitsRequest {
  readonly account: Account;
  /** All four: what is null here is the plan's from now on. */
  readonly overrides: PayerOverrides;
}

export type SetLimitsResult =
  | { readonly kind: "ok" }
  | { readonly kind: "not_found" }
  /** An enterprise may use exactly its own limit: without one, nothing. */
  | { readonly kind: "limit_needed" }
  | Forbidden;

/** Puts numbers in the place of the plan's. The next run is judged by them; what was used of the period stays used. */
export function setLimits(
  deps: Pick<OperationsDeps, "sql" | "newId">,
  principal: Principal,
  { account, overrides: after }: SetLimitsRequest,
): Promise<SetLimitsResult> {
  return changeAccount(deps, principal, account, "payer.limits", async (tx) => {
    const payerId = await lockPayer(tx, account, deps.newId());
    if (after.usageLimitMicros === null && (await isEnterprise(tx, account))) {
      return { kind: "limit_needed" } as const;
    }
    const before = await readOverrides(tx, payerId);
    await tx`
      UPDATE payers
         SET usage_limit_micros = ${after.usageLimitMicros}, concurrent_runs_max = ${after.concurrentRunsMax},
             sync_runs_per_minute = ${after.syncRunsPerMinute}, async_runs_per_minute = ${after.asyncRunsPerMinute}
       WHERE id = ${payerId}`;
    return { before, after };
  });
}

async function isEnterprise(tx: postgres.TransactionSql, { id }: Account): Promise<boolean> {
  const found = await tx`
    SELECT 1 FROM subscriptions
     WHERE owner_id = ${id} AND status IN ('active', 'past_due') AND plan = 'enterprise'`;
  return found.length > 0;
}

async function readOverrides(tx: postgres.TransactionSql, payerId: string): Promise<PayerOverrides> {
  const [row] = await tx<Row[]>`
    SELECT usage_limit_micros, sync_runs_per_minute, async_runs_per_minute, concurrent_runs_max
      FROM payers WHERE id = ${payerId}`;
  if (row === undefined) throw new Error("The payer is locked by this transaction.");
  return {
    usageLimitMicros: row.usage_limit_micros === null ? null : Number(row.usage_limit_micros),
    syncRunsPerMinute: row.sync_runs_per_minute,
    asyncRunsPerMinute: row.async_runs_per_minute,
    concurrentRunsMax: row.concurrent_runs_max,
  };
}

interface Row {
  usage_limit_micros: string | null;
  sync_runs_per_minute: number | null;
  async_runs_per_minute: number | null;
  concurrent_runs_max: number | null;
}
