import { apiKeys } from "@gantry/db";
import { createApiKey as newApiKey } from "@gantry/secrets";
import { type Denied, workspaceAccess } from "../access.ts";
import type { AuthoringDeps, Principal } from "../deps.ts";

const dayMs = 86_400_000;

export interface CreateApiKeyRequest {
  readonly workspaceId: string;
  readonly name: string;
  /** Left out: never. */
  readonly expiresInDays?: number | undefined;
}

export type CreateApiKeyResult =
  /** `secret` is told here and never again. */
  { readonly kind: "ok"; readonly id: string; readonly secret: string; readonly hint: string } | Denied;

/** A key that acts as the caller, inside this workspace only. */
export async function createApiKey(
  { db, newId, now, randomBytes }: Pick<AuthoringDeps, "db" | "newId" | "now" | "randomBytes">,
  principal: Principal,
  request: CreateApiKeyRequest,
): Promise<CreateApiKeyResult> {
  const { workspaceId, name, expiresInDays } = request;
  const access = await workspaceAccess(db, principal, workspaceId, "api_key.change");
  if (access.kind !== "allowed") return access;
  const id = newId();
  const { secret, hash, hint } = newApiKey(randomBytes);
  const expiresAt = expiresInDays === undefined ? null : new Date(now() + expiresInDays * dayMs);
  await db.insert(apiKeys).values({ id, workspaceId, userId: principal.userId, name, hash, hint, expiresAt });
  return { kind: "ok", id, secret, hint };
}
