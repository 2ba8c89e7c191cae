import type { PayerOverrides, PlanName, Subscription } from "@gantry/billing";
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
  readonly blockedReason: "payment_failed" | "dispute" | null;
  readonly overrides: PayerOverrides;
  readonly subscription: Subscription | null;
  /** `start` is the database's own text for it: what names the counter must not lose a microsecond on the way. */
  readonly period: { readonly start: string; readonly endAt: number };
  readonly settledMicros: number;
  /** The actor's cap inside the organization; null when it has none. */
  readonly memberCap: { readonly limitMicros: number; readonly settledMicros: number } | null;
}

export interface SealedValue {
  readonly name: string;
  /** Whose personal value it is; null for a workspace's. */
  readonly userId: string | null;
  readonly sealed: string;
}

export interface SealedProviderKey {
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
  if (row === undefined) throw new Error("The facts statement returned no row.");
  return fromRow(row);
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

/** Instants and 64-bit numbers arrive as text. */
interface FactsRow {
  actor_id: string | null;
  api_key_id: string | null;
  workflow_id: string | null;
  workspace_id: string | null;
  owner_id: string | null;
  draft_revision: number | null;
  level: PermissionLevel | null;
  version_id: string | null;
  version_number: number | null;
  definition: string | null;
  bans: string | null;
  payer_id: string | null;
  payer_user_id: string | null;
  payer_organization_id: string | null;
  blocked_reason: PayerFacts["blockedReason"];
  usage_limit_micros: string | null;
  sync_runs_per_minute: number | null;
  async_runs_per_minute: number | null;
  concurrent_runs_max: number | null;
  plan: Exclude<PlanName, "free"> | null;
  seats: number | null;
  subscription_is_own: boolean | null;
  period_start: string;
  period_end: string;
  settled_micros: string | null;
  member_limit_micros: string | null;
  member_settled_micros: string | null;
  environment: string | null;
  provider_keys: string | null;
}

function fromRow(row: FactsRow): Facts {
  const actor = row.actor_id === null ? null : { userId: row.actor_id, apiKeyId: row.api_key_id };
  const workflow = workflowFrom(row);
  return {
    actor,
    workflow,
    permission: row.level,
    ban: banFrom(row, actor, workflow),
    payer: payerFrom(row),
    environment: triples(row.environment).map(([owner, name, sealed]) => ({
      name,
      userId: owner === row.workspace_id ? null : owner,
      sealed,
    })),
    providerKeys: triples(row.provider_keys).map(([id, provider, sealed]) => ({ id, provider, sealed })),
  };
}

/** Ids, names and sealed values hold neither blanks nor commas. */
function triples(list: string | null): [string, string, string][] {
  if (list === null) return [];
  return list.split(",").map((item) => {
    const [first, second, third] = item.split(" ");
    if (first === undefined || second === undefined || third === undefined) {
      throw new Error("The facts statement returned a list that cannot be read.");
    }
    return [first, second, third];
  });
}

/** Of several bans the actor's own is told before the workflow owner's, and that before the payer's. */
function banFrom(row: FactsRow, actor: ActorFacts | null, workflow: WorkflowFacts | null): BanFacts | null {
  if (row.bans === null) return null;
  const endsAt = new Map<string, number | null>();
  for (const item of row.bans.split(",")) {
    const [subject = "", end = "0"] = item.split(" ");
    const known = endsAt.get(subject);
    // 0 stands for a ban without end, which outlasts every other.
    const lasts = known === null || Number(end) === 0 ? null : Math.max(known ?? 0, Number(end));
    endsAt.set(subject, lasts);
  }
  const of = (id: string | null | undefined, subject: BanFacts["subject"]): BanFacts[] => {
    const end = id == null ? undefined : endsAt.get(id);
    return end === undefined ? [] : [{ subject, endsAt: end }];
  };
  return (
    [
      ...of(actor?.userId, "actor"),
      ...of(workflow?.ownerId, "workflow_owner"),
      ...of(row.payer_user_id, "payer"),
      ...of(row.payer_organization_id, "payer"),
    ][0] ?? null
  );
}

function workflowFrom(row: FactsRow): WorkflowFacts | null {
  if (row.workflow_id === null || row.workspace_id === null || row.owner_id === null) return null;
  return {
    id: row.workflow_id,
    workspaceId: row.workspace_id,
    ownerId: row.owner_id,
    draftRevision: row.draft_revision ?? 0,
    activeVersion:
      row.version_id === null || row.version_number === null
        ? null
        : { id: row.version_id, number: row.version_number },
    definition: row.definition,
  };
}

/** A payer whose user or organization is gone is none. */
function payerFrom(row: FactsRow): PayerFacts | null {
  const isOrganization = row.payer_organization_id !== null;
  if (row.payer_id === null || (row.payer_user_id === null && !isOrganization)) return null;
  return {
    id: row.payer_id,
    kind: isOrganization ? "organization" : "user",
    blockedReason: row.blocked_reason,
    overrides: {
      usageLimitMicros: row.usage_limit_micros === null ? null : Number(row.usage_limit_micros),
      syncRunsPerMinute: row.sync_runs_per_minute,
      asyncRunsPerMinute: row.async_runs_per_minute,
      concurrentRunsMax: row.concurrent_runs_max,
    },
    subscription:
      row.plan === null
        ? null
        : {
            plan: row.plan,
            seats: row.seats ?? 1,
            source: row.subscription_is_own === true ? "own" : "organization",
          },
    period: { start: row.period_start, endAt: Date.parse(row.period_end) },
    settledMicros: Number(row.settled_micros ?? 0),
    memberCap:
      isOrganization && row.member_limit_micros !== null
        ? {
            limitMicros: Number(row.member_limit_micros),
            settledMicros: Number(row.member_settled_micros ?? 0),
          }
        : null,
  };
}
