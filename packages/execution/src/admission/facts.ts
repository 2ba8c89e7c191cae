import { type PayerOverrides, type Standing, standingOf } from "@gantry/billing";
import type postgres from "postgres";
import { factsByApiKeySql, factsBySessionSql } from "./facts.sql.ts";

/** What a request proves itself with. A session's token is taken from its cookie after the signature was checked. */
export type Credential =
  | { readonly kind: "api_key"; readonly hash: string }
  | { readonly kind: "session"; readonly token: string }
  | { readonly kind: "none" };

export interface ActorFacts {
  readonly userId: string;
  /** Null for a session. */
  readonly apiKeyId: string | null;
}

export type PermissionLevel = "admin" | "write" | "read";

export interface WorkflowFacts {
  readonly id: string;
  readonly workspaceId: string;
  readonly ownerId: string;
  readonly draftRevision: number;
  readonly activeVersion: { readonly id: string; readonly number: number } | null;
  /** How long its runs usually take, milliseconds; null before the first has ended. */
  readonly typicalRunMs: number | null;
  /** JSON text of the draft or of the active version; null when this process has that version compiled, or there is none. */
  readonly definition: string | null;
}

export interface BanFacts {
  readonly subject: "actor" | "workflow_owner" | "payer";
  /** Unix milliseconds; null when it has no end. */
  readonly endsAt: number | null;
}

export interface PayerFacts {
  readonly id: string;
  readonly kind: "user" | "organization";
  /** The user or the organization. */
  readonly ownerId: string;
  readonly blockedReason: "payment_failed" | "dispute" | null;
  readonly overrides: PayerOverrides;
  readonly shadow: ShadowLimits;
  readonly standing: Standing;
  /** Its token buckets as PostgreSQL keeps them; `tokensIn` reads it. */
  readonly buckets: string;
}

/** Limits that are evaluated and refuse nobody; null where there is none. */
export interface ShadowLimits {
  readonly usageLimitMicros: number | null;
  readonly runsPerMinute: number | null;
  readonly concurrentRunsMax: number | null;
}

export interface SealedValue {
  readonly name: string;
  /** Whose personal value it is; null for a workspace's. */
  readonly userId: string | null;
  readonly sealed: string;
}

export interface SealedProviderKey {
  /** The workspace or the organization that stored it. */
  readonly ownerId: string;
  readonly id: string;
  readonly provider: string;
  readonly sealed: string;
}

/** One snapshot of all that preflight judges by. Null: it does not exist, or is nothing to this actor. */
export interface Facts {
  readonly actor: ActorFacts | null;
  readonly workflow: WorkflowFacts | null;
  readonly permission: PermissionLevel | null;
  readonly ban: BanFacts | null;
  readonly payer: PayerFacts | null;
  readonly environment: readonly SealedValue[];
  readonly providerKeys: readonly SealedProviderKey[];
}

export interface FactsRequest {
  readonly credential: Credential;
  readonly workflowId: string;
  readonly definition: "draft" | "active";
  /** The version of this workflow that this process has compiled; null for none. */
  readonly compiledVersionId: string | null;
}

/**
 * Reads the facts: one prepared statement, one round trip; none for a request that proves itself with nothing.
 * Throws what the driver throws.
 */
export async function readFacts(sql: postgres.Sql, request: FactsRequest): Promise<Facts> {
  const { credential } = request;
  if (credential.kind === "none") return nothing;
  const byApiKey = credential.kind === "api_key";
  const rows = await sql.unsafe<FactsRow[]>(
    byApiKey ? factsByApiKeySql : factsBySessionSql,
    [
      byApiKey ? credential.hash : credential.token,
      request.workflowId,
      request.definition,
      request.compiledVersionId,
    ],
    { prepare: true },
  );
  const row = rows[0];
  return row === undefined ? nothing : fromRow(row);
}

const nothing: Facts = {
  actor: null,
  workflow: null,
  permission: null,
  ban: null,
  payer: null,
  environment: [],
  providerKeys: [],
};

/** Instants and 64-bit numbers arrive as text; lists as items joined by commas, their parts by bars. */
interface FactsRow {
  now_ms: number;
  actor_id: string;
  api_key_id: string | null;
  workflow_id: string | null;
  workspace_id: string | null;
  owner_id: string | null;
  draft_revision: number | null;
  typical_run_ms: number | null;
  level: PermissionLevel | null;
  active_version_id: string | null;
  version_number: number | null;
  definition: string | null;
  payer_id: string | null;
  payer_user_id: string | null;
  payer_organization_id: string | null;
  blocked_reason: PayerFacts["blockedReason"];
  usage_limit_micros: string | null;
  sync_runs_per_minute: number | null;
  async_runs_per_minute: number | null;
  concurrent_runs_max: number | null;
  shadow_usage_limit_micros: string | null;
  shadow_runs_per_minute: number | null;
  shadow_concurrent_runs_max: number | null;
  bans: string;
  subscriptions: string;
  usage: string;
  member_cap: string | null;
  buckets: string;
  environment: string;
  provider_keys: string;
}

function fromRow(row: FactsRow): Facts {
  const actor = { userId: row.actor_id, apiKeyId: row.api_key_id };
  return {
    actor,
    workflow: workflowFrom(row),
    permission: row.level,
    ban: banFrom(row),
    payer: payerFrom(row),
    environment: items(row.environment, 3).map(([owner = "", name = "", sealed = ""]) => ({
      name,
      userId: owner === row.workspace_id ? null : owner,
      sealed,
    })),
    providerKeys: items(row.provider_keys, 4).map(([id = "", provider = "", sealed = "", ownerId = ""]) => ({
      id,
      provider,
      sealed,
      ownerId,
    })),
  };
}

/** Ids, names and sealed values hold neither bars nor commas. */
function items(list: string, parts: number): string[][] {
  if (list === "") return [];
  return list.split(",").map((item) => {
    const found = item.split("|");
    if (found.length !== parts) throw new Error("The facts statement returned a list that cannot be read.");
    return found;
  });
}

/** Of several bans the actor's own is told before the workflow owner's, and that before the payer's. */
function banFrom(row: FactsRow): BanFacts | null {
  if (row.bans === "") return null;
  const subjects = [
    ["actor", row.actor_id],
    ["workflow_owner", row.owner_id],
    ["payer", row.payer_user_id ?? row.payer_organization_id],
  ] as const;
  const bans = row.bans.split(",").map((item) => item.split("|"));
  for (const [subject, id] of subjects) {
    const ends = bans.filter(([banned]) => banned === id).map(([, end]) => end);
    if (ends.length === 0) continue;
    // One without end outlasts every other.
    const endsAt = ends.includes("") ? null : Math.max(...ends.map((end) => Date.parse(end ?? "")));
    return { subject, endsAt };
  }
  throw new Error("The facts statement returned a ban of somebody else.");
}

function workflowFrom(row: FactsRow): WorkflowFacts | null {
  if (row.workflow_id === null || row.workspace_id === null || row.owner_id === null) return null;
  return {
    id: row.workflow_id,
    workspaceId: row.workspace_id,
    ownerId: row.owner_id,
    draftRevision: row.draft_revision ?? 0,
    typicalRunMs: row.typical_run_ms,
    activeVersion:
      row.active_version_id === null || row.version_number === null
        ? null
        : { id: row.active_version_id, number: row.version_number },
    definition: row.definition,
  };
}

/** A payer whose user or organization is gone is none. */
function payerFrom(row: FactsRow): PayerFacts | null {
  const ownerId = row.payer_user_id ?? row.payer_organization_id;
  if (row.payer_id === null || ownerId === null) return null;
  return {
    id: row.payer_id,
    kind: row.payer_organization_id === null ? "user" : "organization",
    ownerId,
    blockedReason: row.blocked_reason,
    overrides: {
      usageLimitMicros: row.usage_limit_micros === null ? null : Number(row.usage_limit_micros),
      syncRunsPerMinute: row.sync_runs_per_minute,
      asyncRunsPerMinute: row.async_runs_per_minute,
      concurrentRunsMax: row.concurrent_runs_max,
    },
    shadow: {
      usageLimitMicros: row.shadow_usage_limit_micros === null ? null : Number(row.shadow_usage_limit_micros),
      runsPerMinute: row.shadow_runs_per_minute,
      concurrentRunsMax: row.shadow_concurrent_runs_max,
    },
    buckets: row.buckets,
    standing: standingOf(
      {
        ownerId,
        subscriptions: row.subscriptions,
        usage: row.usage,
        memberCap: row.payer_organization_id === null ? null : row.member_cap,
      },
      row.now_ms,
    ),
  };
}
