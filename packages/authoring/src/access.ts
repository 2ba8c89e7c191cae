import { workflows, workspacePermissions } from "@gantry/db";
import { and, eq, isNull } from "drizzle-orm";
import type { AuthoringDatabase, Principal } from "./deps.ts";

export type Level = "admin" | "write" | "read";

interface Requirement {
  readonly level: Level;
  /** An API key may not: one that leaked must not be able to hand out further access. */
  readonly sessionOnly: boolean;
}

/** Who may do what in a workspace. */
const requirements = {
  "workspace.see": { level: "read", sessionOnly: false },
  "workspace.permissions": { level: "admin", sessionOnly: true },
  "workflow.see": { level: "read", sessionOnly: false },
  "workflow.edit": { level: "write", sessionOnly: false },
  "workflow.archive": { level: "write", sessionOnly: false },
  "deployment.see": { level: "read", sessionOnly: false },
  "deployment.change": { level: "write", sessionOnly: false },
  "api_key.see": { level: "read", sessionOnly: false },
  "api_key.change": { level: "admin", sessionOnly: true },
  "environment.see": { level: "read", sessionOnly: false },
  "environment.change": { level: "admin", sessionOnly: true },
  "provider_key.see": { level: "read", sessionOnly: false },
  "provider_key.change": { level: "admin", sessionOnly: true },
} as const satisfies Record<string, Requirement>;

export type Action = keyof typeof requirements;

const rank: Readonly<Record<Level, number>> = { read: 1, write: 2, admin: 3 };

/** A resource that one may not see does not exist: only who may see it is told that something else is forbidden. */
export type Denied = { readonly kind: "not_found" } | { readonly kind: "forbidden" };

export type WorkspaceAccess = { readonly kind: "allowed"; readonly level: Level } | Denied;

export async function workspaceAccess(
  db: AuthoringDatabase,
  principal: Principal,
  workspaceId: string,
  action: Action,
): Promise<WorkspaceAccess> {
  if (!reaches(principal, workspaceId)) return { kind: "not_found" };
  return judge(await readLevel(db, principal.userId, workspaceId), principal, action);
}

export type WorkflowAccess =
  | { readonly kind: "allowed"; readonly level: Level; readonly workspaceId: string }
  | Denied;

/** An archived workflow does not exist. */
export async function workflowAccess(
  db: AuthoringDatabase,
  principal: Principal,
  workflowId: string,
  action: Action,
): Promise<WorkflowAccess> {
  const found = await readWorkflowLevel(db, principal.userId, workflowId);
  if (found === null || !reaches(principal, found.workspaceId)) return { kind: "not_found" };
  const access = judge(found.level, principal, action);
  return access.kind === "allowed" ? { ...access, workspaceId: found.workspaceId } : access;
}

function reaches(principal: Principal, workspaceId: string): boolean {
  return principal.workspaceId === null || principal.workspaceId === workspaceId;
}

function judge(level: Level | null, principal: Principal, action: Action): WorkspaceAccess {
  if (level === null) return { kind: "not_found" };
  const required = requirements[action];
  if (required.sessionOnly && principal.apiKeyId !== null) return { kind: "forbidden" };
  return rank[level] >= rank[required.level] ? { kind: "allowed", level } : { kind: "forbidden" };
}

async function readLevel(db: AuthoringDatabase, userId: string, workspaceId: string): Promise<Level | null> {
  const [row] = await db
    .select({ level: workspacePermissions.level })
    .from(workspacePermissions)
    .where(and(eq(workspacePermissions.userId, userId), eq(workspacePermissions.workspaceId, workspaceId)));
  return row?.level ?? null;
}

async function readWorkflowLevel(db: AuthoringDatabase, userId: string, workflowId: string) {
  const [row] = await db
    .select({ level: workspacePermissions.level, workspaceId: workflows.workspaceId })
    .from(workflows)
    .innerJoin(
      workspacePermissions,
      and(
        eq(workspacePermissions.workspaceId, workflows.workspaceId),
        eq(workspacePermissions.userId, userId),
      ),
    )
    .where(and(eq(workflows.id, workflowId), isNull(workflows.archivedAt)));
  return row ?? null;
}
