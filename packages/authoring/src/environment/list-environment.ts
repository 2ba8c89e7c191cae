import { environmentValues } from "@gantry/db";
import { asc } from "drizzle-orm";
import { type Denied, workspaceAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";
import { type EnvironmentOwner, ownedBy } from "./scope.ts";

/** A value's name, never the value. */
export interface EnvironmentEntry {
  readonly name: string;
  /** Unix milliseconds. */
  readonly updatedAt: number;
}

export type ListEnvironmentResult =
  | {
      readonly kind: "ok";
      readonly workspace: EnvironmentEntry[];
      /** The caller's own; none for an API key. */
      readonly personal: EnvironmentEntry[];
    }
  | Denied;

/** The names that a run of the caller finds in this workspace. */
export async function listEnvironment(
  { db }: Pick<AuthoringDeps, "db">,
  principal: Principal,
  workspaceId: string,
): Promise<ListEnvironmentResult> {
  const access = await workspaceAccess(db, principal, workspaceId, "environment.see");
  if (access.kind !== "allowed") return access;
  const [workspace, personal] = await Promise.all([
    readEntries(db, { kind: "workspace", workspaceId }),
    principal.apiKeyId === null ? readEntries(db, { kind: "user", userId: principal.userId }) : [],
  ]);
  return { kind: "ok", workspace, personal };
}

async function readEntries(db: AuthoringDatabase, owner: EnvironmentOwner): Promise<EnvironmentEntry[]> {
  const rows = await db
    .select({ name: environmentValues.name, updatedAt: environmentValues.updatedAt })
    .from(environmentValues)
    .where(ownedBy(owner))
    .orderBy(asc(environmentValues.name));
  return rows.map(({ name, updatedAt }) => ({ name, updatedAt: updatedAt.getTime() }));
}
