import { apiKeys, users } from "@gantry/db";
import { desc, eq } from "drizzle-orm";
import { type Denied, workspaceAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";

export interface ApiKeySummary {
  readonly id: string;
  readonly name: string;
  /** Its prefix and last characters. */
  readonly hint: string;
  /** Unix milliseconds, as the next two. */
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** The name of the person as whom it acts. */
  readonly owner: string;
}

export type ListApiKeysResult = { readonly kind: "ok"; readonly apiKeys: ApiKeySummary[] } | Denied;

/** Every key of the workspace, newest first; revoked and expired ones too. */
export async function listApiKeys(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  workspaceId: string,
): Promise<ListApiKeysResult> {
  const access = await workspaceAccess(db, principal, workspaceId, "api_key.see");
  if (access.kind !== "allowed") return access;
  const rows = await readApiKeys(db, workspaceId);
  return {
    kind: "ok",
    apiKeys: rows.map((row) => ({
      ...row,
      createdAt: row.createdAt.getTime(),
      expiresAt: row.expiresAt?.getTime() ?? null,
      revokedAt: row.revokedAt?.getTime() ?? null,
    })),
  };
}

function readApiKeys(db: AuthoringDatabase, workspaceId: string) {
  return db
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      hint: apiKeys.hint,
      createdAt: apiKeys.createdAt,
      expiresAt: apiKeys.expiresAt,
      revokedAt: apiKeys.revokedAt,
      owner: users.name,
    })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(eq(apiKeys.workspaceId, workspaceId))
    .orderBy(desc(apiKeys.id));
}
