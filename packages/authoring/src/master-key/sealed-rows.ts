import type { Database } from "@gantry/db";
import { sealContext } from "@gantry/secrets";

type Sql = Database["sql"];

/** A stored secret, where it lies and what it is sealed for. */
export interface SealedRow {
  readonly id: string;
  readonly sealed: string;
  readonly context: string;
  /** What it is and whose, without its value. */
  readonly description: string;
  /** A revoked key is never opened again. */
  readonly inUse: boolean;
}

/** One of the tables that hold sealed values. */
export interface SealedTable {
  /** The first rows after this id, in order of ids, that were not sealed with this prefix. */
  read(sql: Sql, after: string, notPrefix: string, rowsMax: number): Promise<SealedRow[]>;
  readonly name: "environment_values" | "provider_keys";
}

export const sealedTables = {
  environmentValues: {
    name: "environment_values",
    async read(sql, after, notPrefix, rowsMax) {
      const rows = await sql<
        { id: string; sealed: string; name: string; workspaceId: string | null; ownerId: string }[]
      >`
        SELECT id, sealed, name, workspace_id AS "workspaceId", owner_id AS "ownerId" FROM environment_values
         WHERE id > ${after} AND NOT starts_with(sealed, ${notPrefix}) ORDER BY id LIMIT ${rowsMax}`;
      return rows.map(({ id, sealed, name, workspaceId, ownerId }) => ({
        id,
        sealed,
        context:
          workspaceId === null
            ? sealContext.personalValue(ownerId, name)
            : sealContext.workspaceValue(workspaceId, name),
        description: `environment value ${id} (${name} of ${workspaceId === null ? "user" : "workspace"} ${ownerId})`,
        inUse: true,
      }));
    },
  },
  providerKeys: {
    name: "provider_keys",
    async read(sql, after, notPrefix, rowsMax) {
      const rows = await sql<
        { id: string; sealed: string; workspaceId: string | null; ownerId: string; revoked: boolean }[]
      >`
        SELECT id, sealed, workspace_id AS "workspaceId", owner_id AS "ownerId", revoked_at IS NOT NULL AS revoked
          FROM provider_keys
         WHERE id > ${after} AND NOT starts_with(sealed, ${notPrefix}) ORDER BY id LIMIT ${rowsMax}`;
      return rows.map(({ id, sealed, workspaceId, ownerId, revoked }) => ({
        id,
        sealed,
        context:
          workspaceId === null
            ? sealContext.organizationProviderKey(ownerId, id)
            : sealContext.providerKey(workspaceId, id),
        description: `provider key ${id} (of ${workspaceId === null ? "organization" : "workspace"} ${ownerId})`,
        inUse: !revoked,
      }));
    },
  },
} as const satisfies Record<string, SealedTable>;

/** Puts a new envelope in the place of each old one that is still there. Returns how many were. */
export async function swapSealed(
  sql: Sql,
  table: SealedTable["name"],
  swaps: readonly { readonly id: string; readonly from: string; readonly to: string }[],
): Promise<number> {
  const swapped = await sql`
    UPDATE ${sql(table)} AS t SET sealed = s.becomes
      FROM unnest(${swaps.map(({ id }) => id)}::text[], ${swaps.map(({ from }) => from)}::text[],
                  ${swaps.map(({ to }) => to)}::text[]) AS s(id, was, becomes)
     WHERE t.id = s.id AND t.sealed = s.was`;
  return swapped.count;
}
