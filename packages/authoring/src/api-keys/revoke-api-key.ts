import { apiKeys } from "@gantry/db";
import { and, eq, isNull } from "drizzle-orm";
import { type Denied, workspaceAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";

export type RevokeApiKeyResult = { readonly kind: "ok" } | Denied;

/** From now on it opens nothing. Revoking twice keeps the first time. */
export async function revokeApiKey(
  { db, now }: Pick<AuthoringDeps, "db" | "now">,
  principal: Principal,
  apiKeyId: string,
): Promise<RevokeApiKeyResult> {
  const workspaceId = await readWorkspaceOf(db, apiKeyId);
  if (workspaceId === null) return { kind: "not_found" };
  const access = await workspaceAccess(db, principal, workspaceId, "api_key.change");
  if (access.kind !== "allowed") return access;
  await db
    .update(apiKeys)
    .set({ revokedAt: new Date(now()) })
    .where(and(eq(apiKeys.id, apiKeyId), isNull(apiKeys.revokedAt)));
  return { kind: "ok" };
}

async function readWorkspaceOf(db: AuthoringDatabase, apiKeyId: string): Promise<string | null> {
  const [row] = await db
    .select({ workspaceId: apiKeys.workspaceId })
    .from(apiKeys)
    .where(eq(apiKeys.id, apiKeyId));
  return row?.workspaceId ?? null;
}
