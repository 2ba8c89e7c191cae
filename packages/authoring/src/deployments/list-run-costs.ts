import { payers, providerKeys, workflows, workflowVersions, workspaces } from "@gantry/db";
import { compileText, type Plan } from "@gantry/workflow";
import { and, desc, eq, isNull, or } from "drizzle-orm";
import { type Denied, workflowAccess } from "../access.ts";
import type { AuthoringDatabase, AuthoringDeps, Principal } from "../deps.ts";

/** Compiling takes up to some milliseconds each; nobody looks up what an older version would cost. */
const versionsMax = 50;

/** Of the draft and of each version that compiles, what one run of it can cost. */
export interface RunCosts<Cost> {
  /** Null: the draft does not compile. */
  readonly draft: Cost | null;
  /** The newest versions, newest first; without those that do not compile any more. */
  readonly versions: readonly { readonly versionId: string; readonly cost: Cost }[];
}

export type ListRunCostsResult<Cost> = { readonly kind: "ok"; readonly costs: RunCosts<Cost> } | Denied;

export interface ListRunCostsDeps<Cost> extends Pick<AuthoringDeps, "db"> {
  /** What one run of a plan can cost. `ownKeys`: the providers that the workspace or its organization has a key for. */
  readonly bound: (plan: Plan, ownKeys: ReadonlySet<string>) => Cost;
}

/** With the provider keys of today: a version costs nothing where the workspace's own key pays. */
export async function listRunCosts<Cost>(
  { db, bound }: ListRunCostsDeps<Cost>,
  principal: Principal,
  workflowId: string,
): Promise<ListRunCostsResult<Cost>> {
  const access = await workflowAccess(db, principal, workflowId, "deployment.see");
  if (access.kind !== "allowed") return access;
  const [ownKeys, draft, versions] = await Promise.all([
    readOwnKeys(db, access.workspaceId),
    readDraft(db, workflowId),
    readDefinitions(db, workflowId),
  ]);
  const costOf = (definition: string): Cost | null => {
    const compiled = compileText(definition);
    return compiled.ok ? bound(compiled.plan, ownKeys) : null;
  };
  const costs: { versionId: string; cost: Cost }[] = [];
  for (const { versionId, definition } of versions) {
    const cost = costOf(definition);
    if (cost !== null) costs.push({ versionId, cost });
    // Between two of them the runs of this process have their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { kind: "ok", costs: { draft: draft === null ? null : costOf(draft), versions: costs } };
}

async function readOwnKeys(db: AuthoringDatabase, workspaceId: string): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectDistinct({ provider: providerKeys.provider })
    .from(workspaces)
    .leftJoin(payers, eq(payers.id, workspaces.payerId))
    .innerJoin(
      providerKeys,
      or(eq(providerKeys.ownerId, workspaces.id), eq(providerKeys.ownerId, payers.organizationId)),
    )
    .where(and(eq(workspaces.id, workspaceId), isNull(providerKeys.revokedAt)));
  return new Set(rows.map(({ provider }) => provider));
}

async function readDraft(db: AuthoringDatabase, workflowId: string): Promise<string | null> {
  const [row] = await db
    .select({ draft: workflows.draft })
    .from(workflows)
    .where(eq(workflows.id, workflowId));
  return row?.draft ?? null;
}

function readDefinitions(db: AuthoringDatabase, workflowId: string) {
  return db
    .select({ versionId: workflowVersions.id, definition: workflowVersions.definition })
    .from(workflowVersions)
    .where(eq(workflowVersions.workflowId, workflowId))
    .orderBy(desc(workflowVersions.number))
    .limit(versionsMax);
}
