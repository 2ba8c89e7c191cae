import { members } from "@gantry/db";
import { and, eq } from "drizzle-orm";
import type { Denied } from "./access.ts";
import type { AuthoringDatabase, Principal } from "./deps.ts";

/**
 * Whether the caller may spend an organization's money and keep its keys: its owners and admins may. For an API key, which
 * belongs to one workspace, no organization exists.
 */
export async function organizationAccess(
  db: AuthoringDatabase,
  principal: Principal,
  organizationId: string,
): Promise<{ readonly kind: "allowed" } | Denied> {
  if (principal.apiKeyId !== null) return { kind: "not_found" };
  const [row] = await db
    .select({ role: members.role })
    .from(members)
    .where(and(eq(members.userId, principal.userId), eq(members.organizationId, organizationId)));
  if (row === undefined) return { kind: "not_found" };
  // better-auth keeps several roles of a member as one text, separated by commas.
  const roles = row.role.split(",").map((role) => role.trim());
  return roles.includes("owner") || roles.includes("admin") ? { kind: "allowed" } : { kind: "forbidden" };
}
