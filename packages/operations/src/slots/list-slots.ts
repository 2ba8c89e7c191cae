import type postgres from "postgres";
import { type AccountView, readAccounts } from "../accounts/account-view.ts";
import type { Account, Forbidden, OperationsDeps, Principal } from "../deps.ts";
import { readAsAdmin } from "../read-as-admin.ts";

export interface SlotView {
  readonly runId: string;
  readonly workspaceId: string;
  /** Null when the workflow is gone. */
  readonly workflowName: string | null;
  /** Whose run it is; null when that account is gone. */
  readonly actor: string | null;
  readonly profile: string;
  /** The process that runs it. */
  readonly holder: string;
  /** By the clock of the database, which leases run on. */
  readonly ageMs: number;
  /** Negative once it has run out: the run is about to be lost. */
  readonly leaseLeftMs: number;
  readonly holdMicros: number;
  readonly cancelling: boolean;
}

export interface PayerSlots {
  /** Null when the account is gone: its runs in progress may still end. */
  readonly payer: (Account & Pick<AccountView, "name" | "handle">) | null;
  readonly payerId: string;
  readonly inUse: number;
  /** Null: without limit. */
  readonly limit: number | null;
  /** The oldest ones, `slotsMax` at most. */
  readonly slots: readonly SlotView[];
}

export interface ListSlotsRequest {
  /** Null: of every payer. */
  readonly account: Account | null;
  /** The last page's `nextCursor`; null for the first page. */
  readonly cursor: string | null;
  readonly limit: number;
}

export type ListSlotsResult =
  | {
      readonly kind: "ok";
      readonly items: readonly PayerSlots[];
      /** Null on the last page. */
      readonly nextCursor: string | null;
    }
  | Forbidden;

export const slotsMax = 50;

/** The payers that have runs in progress, and those runs. */
export function listSlots(
  deps: Pick<OperationsDeps, "sql" | "billing">,
  principal: Principal,
  { account, cursor, limit }: ListSlotsRequest,
): Promise<ListSlotsResult> {
  return readAsAdmin(deps, principal, async (tx): Promise<ListSlotsResult> => {
    const found = await readPayers(tx, account?.id ?? null, cursor, limit + 1);
    const page = found.slice(0, limit);
    const payerIds = page.map(({ payer_id }) => payer_id);
    const accounts = await readAccounts(tx, deps.billing, {
      where: "WHERE id = ANY ($1::text[])",
      parameters: [page.flatMap(({ owner_id }) => owner_id ?? [])],
    });
    const slots = await readSlots(tx, payerIds);
    const items = page.map(({ payer_id: payerId, owner_id: ownerId, in_use: inUse }): PayerSlots => {
      const owner = accounts.find(({ id }) => id === ownerId);
      return {
        payer:
          owner === undefined
            ? null
            : { kind: owner.kind, id: owner.id, name: owner.name, handle: owner.handle },
        payerId,
        inUse,
        limit: owner?.limits.concurrentRunsMax ?? null,
        slots: slots.filter(({ payer_id }) => payer_id === payerId).map(slotOf),
      };
    });
    return { kind: "ok", items, nextCursor: found.length > limit ? (payerIds.at(-1) ?? null) : null };
  });
}

function readPayers(tx: postgres.TransactionSql, ownerId: string | null, cursor: string | null, max: number) {
  return tx<{ payer_id: string; owner_id: string | null; in_use: number }[]>`
    SELECT s.payer_id, coalesce(py.user_id, py.organization_id) AS owner_id, count(*)::int AS in_use
      FROM slots s LEFT JOIN payers py ON py.id = s.payer_id
     WHERE true
       ${ownerId === null ? tx`` : tx`AND (py.user_id = ${ownerId} OR py.organization_id = ${ownerId})`}
       ${cursor === null ? tx`` : tx`AND s.payer_id > ${cursor}`}
     GROUP BY s.payer_id, 2 ORDER BY s.payer_id LIMIT ${max}`;
}

function readSlots(tx: postgres.TransactionSql, payerIds: string[]) {
  return tx<SlotRow[]>`
    SELECT s.payer_id, s.run_id, s.workspace_id, w.name AS workflow_name, u.name AS actor, s.profile, s.holder,
           extract(epoch FROM clock_timestamp() - s.created_at)::float8 * 1000 AS age_ms,
           extract(epoch FROM s.expires_at - clock_timestamp())::float8 * 1000 AS lease_left_ms,
           s.hold_micros, s.cancel_requested_at IS NOT NULL AS cancelling
      FROM unnest(${payerIds}::text[]) AS wanted (payer_id)
     CROSS JOIN LATERAL (
       SELECT * FROM slots WHERE payer_id = wanted.payer_id ORDER BY created_at, run_id LIMIT ${slotsMax}
     ) s
      LEFT JOIN workflows w ON w.id = s.workflow_id
      LEFT JOIN users u ON u.id = s.user_id
     ORDER BY s.created_at, s.run_id`;
}

interface SlotRow {
  payer_id: string;
  run_id: string;
  workspace_id: string;
  workflow_name: string | null;
  actor: string | null;
  profile: string;
  holder: string;
  age_ms: number;
  lease_left_ms: number;
  hold_micros: string;
  cancelling: boolean;
}

function slotOf(row: SlotRow): SlotView {
  return {
    runId: row.run_id,
    workspaceId: row.workspace_id,
    workflowName: row.workflow_name,
    actor: row.actor,
    profile: row.profile,
    holder: row.holder,
    ageMs: Math.max(0, row.age_ms),
    leaseLeftMs: row.lease_left_ms,
    holdMicros: Number(row.hold_micros),
    cancelling: row.cancelling,
  };
}
