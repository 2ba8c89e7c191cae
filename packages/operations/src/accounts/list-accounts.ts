import type { Account, Forbidden, OperationsDeps, Principal } from "../deps.ts";
import { readAsAdmin } from "../read-as-admin.ts";
import { type AccountView, readAccounts } from "./account-view.ts";

export interface ListAccountsRequest {
  /** Null: users and organizations. */
  readonly kind: Account["kind"] | null;
  /** What the name, the email or the slug begins with, in any case; null: all. */
  readonly search: string | null;
  /** The last page's `nextCursor`; null for the first page. */
  readonly cursor: string | null;
  readonly limit: number;
}

export type ListAccountsResult =
  | {
      readonly kind: "ok";
      readonly items: readonly AccountView[];
      /** Null on the last page. */
      readonly nextCursor: string | null;
    }
  | Forbidden;

/** Newest first. Ids grow with time, so an id is the cursor: no page repeats or skips an account. */
export function listAccounts(
  deps: Pick<OperationsDeps, "sql" | "billing">,
  principal: Principal,
  { kind, search, cursor, limit }: ListAccountsRequest,
): Promise<ListAccountsResult> {
  return readAsAdmin(deps, principal, async (tx) => {
    const accounts = await readAccounts(tx, deps.billing, {
      where: chosen,
      parameters: [kind, search, cursor, limit + 1],
    });
    const items = accounts.slice(0, limit);
    const nextCursor = accounts.length > limit ? (items.at(-1)?.id ?? null) : null;
    return { kind: "ok", items, nextCursor } as const;
  });
}

const chosen = /* sql */ `
 WHERE ($1::text IS NULL OR kind = $1)
   AND ($2::text IS NULL OR starts_with(lower(name), lower($2)) OR starts_with(lower(handle), lower($2)))
   AND ($3::text IS NULL OR id < $3)
 ORDER BY id DESC LIMIT $4`;
