import type postgres from "postgres";
import { type AccountView, readAccounts } from "../accounts/account-view.ts";
import type { Account, Forbidden, OperationsDeps, Principal } from "../deps.ts";
import { readAsAdmin } from "../read-as-admin.ts";

/** How many runs a shadow limit would have refused, by the gate that would have. */
export interface ShadowDay {
  /** YYYY-MM-DD in UTC. */
  readonly day: string;
  readonly usage: number;
  readonly rate: number;
  readonly concurrency: number;
}

export interface PayerShadow extends Account, Pick<AccountView, "name" | "handle" | "shadowLimits"> {
  /** Newest first; a day without any is left out. */
  readonly days: readonly ShadowDay[];
}

export interface ShadowReportRequest {
  /** The last page's `nextCursor`; null for the first page. */
  readonly cursor: string | null;
  readonly limit: number;
}

export type ShadowReportResult =
  | {
      readonly kind: "ok";
      /** Today and the days before it: this many are looked at. */
      readonly days: number;
      readonly items: readonly PayerShadow[];
      /** Null on the last page. */
      readonly nextCursor: string | null;
    }
  | Forbidden;

const days = 30;

/** The payers that have a shadow limit, or that one would have refused lately; newest account first. */
export function shadowReport(
  deps: Pick<OperationsDeps, "sql" | "billing">,
  principal: Principal,
  { cursor, limit }: ShadowReportRequest,
): Promise<ShadowReportResult> {
  return readAsAdmin(deps, principal, async (tx): Promise<ShadowReportResult> => {
    const accounts = await readAccounts(tx, deps.billing, {
      where: rehearsed,
      parameters: [cursor, limit + 1, days],
    });
    const page = accounts.slice(0, limit);
    const refusals = await readRefusals(
      tx,
      page.map(({ id }) => id),
    );
    const items = page.map(
      ({ kind, id, name, handle, shadowLimits }): PayerShadow => ({
        kind,
        id,
        name,
        handle,
        shadowLimits,
        days: refusals
          .filter(({ owner_id }) => owner_id === id)
          .map(({ day, usage, rate, concurrency }) => ({ day, usage, rate, concurrency })),
      }),
    );
    const nextCursor = accounts.length > limit ? (page.at(-1)?.id ?? null) : null;
    return { kind: "ok", days, items, nextCursor };
  });
}

const rehearsed = /* sql */ `
 WHERE ($1::text IS NULL OR id < $1)
   AND id IN (
     SELECT coalesce(user_id, organization_id) FROM payers
      WHERE num_nonnulls(shadow_usage_limit_micros, shadow_runs_per_minute, shadow_concurrent_runs_max) > 0
         OR id IN (SELECT payer_id FROM shadow_refusals
                    WHERE day > to_char((now() AT TIME ZONE 'UTC')::date - $3::int, 'YYYY-MM-DD')))
 ORDER BY id DESC LIMIT $2`;

function readRefusals(tx: postgres.TransactionSql, ownerIds: string[]) {
  return tx<(ShadowDay & { owner_id: string })[]>`
    SELECT coalesce(py.user_id, py.organization_id) AS owner_id, r.day,
           coalesce(sum(r.runs) FILTER (WHERE r.gate = 'usage'), 0)::int AS usage,
           coalesce(sum(r.runs) FILTER (WHERE r.gate = 'rate'), 0)::int AS rate,
           coalesce(sum(r.runs) FILTER (WHERE r.gate = 'concurrency'), 0)::int AS concurrency
      FROM shadow_refusals r JOIN payers py ON py.id = r.payer_id
     WHERE (py.user_id = ANY (${ownerIds}::text[]) OR py.organization_id = ANY (${ownerIds}::text[]))
       AND r.day > to_char((now() AT TIME ZONE 'UTC')::date - ${days}::int, 'YYYY-MM-DD')
     GROUP BY 1, r.day ORDER BY r.day DESC`;
}
