import {
  insertApiKey,
  insertOrganization,
  insertTenant,
  insertUser,
  insertWorkflow,
  type TestDatabase,
} from "@gantry/db/testing";
import { type Keyring, sealContext } from "@gantry/secrets";
import type postgres from "postgres";
import { v7 as uuidv7 } from "uuid";
import type { Credential } from "../admission/facts.ts";
import type { Chance } from "../claim/simulation/chance.ts";
import { agent, definitionOf, fn, start } from "../engine/testing/plans.ts";
import { withKey } from "./harness.ts";

/** Everything about a payer, a workspace and a caller that can decide about a run. Money in micro-dollars. */
export interface DrawnState {
  readonly credential: "key" | "session" | "unknown";
  readonly workflow: "free" | "priced" | "open_ended" | "missing";
  readonly input: "none" | "good" | "bad";
  readonly maxCostMicros: number | null;
  readonly payer: "user" | "organization" | "none" | "deleted";
  readonly level: "admin" | "write" | "read" | "none";
  readonly isKeyRevoked: boolean;
  readonly isArchived: boolean;
  readonly isDeployed: boolean;
  readonly bans: readonly {
    readonly subject: "actor" | "owner" | "organization";
    readonly isPast: boolean;
  }[];
  readonly blockedReason: "payment_failed" | "dispute" | null;
  readonly subscriptions: readonly {
    readonly owner: "user" | "organization" | "club";
    readonly plan: "pro" | "team" | "enterprise";
    readonly seats: number;
    readonly status: string;
  }[];
  /** Whether the caller belongs to an organization that does not pay here. */
  readonly isInClub: boolean;
  readonly usageLimitMicros: number | null;
  readonly syncRunsPerMinute: number | null;
  readonly concurrentRunsMax: number | null;
  /** In each period that may be the present one. */
  readonly settledMicros: number;
  readonly member: { readonly limitMicros: number; readonly settledMicros: number } | null;
  readonly slots: readonly {
    readonly isMine: boolean;
    readonly holdMicros: number;
    readonly expectedMs: number;
  }[];
  /** Nothing comes back to it by itself. Null: never used. */
  readonly tokens: number | null;
  readonly hasOwnKey: boolean;
  readonly typicalRunMs: number | null;
}

/** Mostly states that come as far as the claim: what the gates before it refuse is refused at once. */
export function drawState(chance: Chance): DrawnState {
  const seldom = () => chance.odds(0.04);
  const some = <T>(probability: number, value: () => T): T | null =>
    chance.odds(probability) ? value() : null;
  const many = <T>(max: number, draw: () => T): T[] => Array.from({ length: chance.between(0, max) }, draw);
  const state: DrawnState = {
    credential: chance.weighted({ key: 15, session: 6, unknown: 1 }),
    workflow: chance.weighted({ free: 10, priced: 8, open_ended: 4, missing: 1 }),
    input: chance.weighted({ none: 8, good: 8, bad: 1 }),
    maxCostMicros: some(0.2, () => chance.between(4_000, 60_000)),
    payer: chance.weighted({ user: 10, organization: 10, none: 1, deleted: 1 }),
    level: chance.weighted({ admin: 10, write: 10, read: 1, none: 1 }),
    isKeyRevoked: seldom(),
    isArchived: seldom(),
    isDeployed: !seldom(),
    bans: chance.odds(0.15)
      ? many(2, () => ({
          subject: chance.pick(["actor", "owner", "organization"] as const),
          isPast: chance.odds(0.5),
        }))
      : [],
    blockedReason: some(0.06, () => chance.pick(["payment_failed", "dispute"] as const)),
    subscriptions: many(2, () => ({
      owner: chance.pick(["user", "organization", "club"] as const),
      plan: chance.pick(["pro", "team", "enterprise"] as const),
      seats: chance.between(1, 3),
      status: chance.weighted({ active: 4, past_due: 2, canceled: 1 }),
    })),
    isInClub: chance.odds(0.4),
    usageLimitMicros: some(0.8, () => chance.between(0, 250_000)),
    syncRunsPerMinute: some(0.8, () => chance.between(1, 2)),
    concurrentRunsMax: some(0.8, () => chance.between(0, 6)),
    settledMicros: chance.odds(0.3) ? 0 : chance.between(0, 150_000),
    member: some(0.4, () => ({
      limitMicros: chance.between(0, 150_000),
      settledMicros: chance.odds(0.3) ? 0 : chance.between(0, 80_000),
    })),
    slots: many(4, () => ({
      isMine: chance.odds(0.6),
      holdMicros: chance.between(0, 30_000),
      expectedMs: chance.between(-5_000, 200_000),
    })),
    tokens: some(0.8, () => chance.between(0, 4) + chance.between(0, 4) / 10),
    hasOwnKey: chance.odds(0.2),
    typicalRunMs: some(0.5, () => chance.between(1, 500_000)),
  };
  return chance.odds(0.3) ? { ...state, ...aboutMoney(chance) } : state;
}

/** Where there is enough of everything else, what is left of the organization's money, or of its member's, decides. */
function aboutMoney(chance: Chance): Partial<DrawnState> {
  const settledMicros = chance.between(0, 80_000);
  const scarceMicros = settledMicros + chance.between(0, 120_000);
  const isMembers = chance.odds(0.5);
  return {
    payer: "organization",
    subscriptions: [],
    usageLimitMicros: isMembers ? 1_000_000 : scarceMicros,
    member: isMembers ? { settledMicros, limitMicros: scarceMicros } : null,
    settledMicros,
    concurrentRunsMax: null,
    tokens: null,
  };
}

/** The people and things that every state is about. */
export interface Cast {
  readonly apply: (state: DrawnState) => Promise<void>;
  readonly workflowId: (state: DrawnState) => string;
  readonly credential: (state: DrawnState) => Credential;
}

export async function castOf({ db, sql }: TestDatabase, keyring: Keyring): Promise<Cast> {
  const tenant = await insertTenant(db);
  const { userId, workspaceId } = tenant;
  const owner = await insertUser(db);
  const other = await insertUser(db);
  const organization = await insertOrganization(db);
  const club = await insertOrganization(db);
  const payerIds = { user: tenant.payerId, organization: uuidv7(), deleted: uuidv7() };
  const keyId = uuidv7();
  const session = `session-of-${userId}`;
  await sql`INSERT INTO payers (id, organization_id) VALUES (${payerIds.organization}, ${organization.id})`;
  await sql`INSERT INTO payers (id) VALUES (${payerIds.deleted})`;
  await sql`INSERT INTO sessions (id, token, user_id, expires_at)
            VALUES (${session}, ${session}, ${userId}, now() + interval '1 hour')`;
  const model = { model: "claude-haiku-4-5", maxTokens: 1_000 };
  const definitions = {
    priced: definitionOf([start(["message"]), agent("A", "Say something", model)], ["Start -> A"]),
    open_ended: definitionOf(
      [start(["message"]), fn("F"), agent("A", "Say <F.result>", model)],
      ["Start -> F", "F -> A"],
    ),
  };
  const insert = (definition: unknown) => insertWorkflow(db, { workspaceId, ownerId: owner.id, definition });
  const priced = await insert(definitions.priced);
  const openEnded = await insert(definitions.open_ended);
  const workflows = { free: tenant.workflowId, priced: priced.id, open_ended: openEnded.id, missing: "none" };
  await sql`UPDATE workflows SET owner_id = ${owner.id}`;
  const key = await insertApiKey(db, { workspaceId, userId });
  const sealed = keyring.seal("sk", sealContext.providerKey(workspaceId, keyId));

  async function apply(state: DrawnState): Promise<void> {
    await sql.begin(async (tx) => {
      for (const table of volatileTables) await tx.unsafe(`DELETE FROM ${table}`);
      const payerId = state.payer === "none" ? null : payerIds[state.payer];
      await tx`UPDATE workspaces SET payer_id = ${payerId}`;
      await tx`UPDATE api_keys SET revoked_at = ${state.isKeyRevoked ? new Date() : null} WHERE id = ${key.id}`;
      await tx`
        UPDATE workflows w SET archived_at = ${state.isArchived ? new Date() : null}, typical_run_ms = ${state.typicalRunMs},
               active_version_id = CASE WHEN ${state.isDeployed}
                                        THEN (SELECT v.id FROM workflow_versions v WHERE v.workflow_id = w.id) END`;
      await tx`
        UPDATE payers SET blocked_reason = ${state.blockedReason}, usage_limit_micros = ${state.usageLimitMicros},
               sync_runs_per_minute = ${state.syncRunsPerMinute}, concurrent_runs_max = ${state.concurrentRunsMax}`;
      if (state.level !== "none")
        await tx`INSERT INTO workspace_permissions (user_id, workspace_id, level)
                 VALUES (${userId}, ${workspaceId}, ${state.level})`;
      if (state.isInClub)
        await tx`INSERT INTO members (id, organization_id, user_id) VALUES (${uuidv7()}, ${club.id}, ${userId})`;
      if (state.hasOwnKey)
        await tx`INSERT INTO provider_keys (id, workspace_id, provider, name, sealed, hint)
                 VALUES (${keyId}, ${workspaceId}, 'anthropic', 'Key', ${sealed}, '')`;
      await applyPeople(tx, state);
      if (payerId !== null) await applyUse(tx, state, payerId);
    });
  }

  async function applyPeople(tx: postgres.TransactionSql, state: DrawnState): Promise<void> {
    for (const { subject, isPast } of state.bans) {
      const user = subject === "organization" ? null : subject === "actor" ? userId : owner.id;
      await tx`
        INSERT INTO bans (id, user_id, organization_id, reason, ends_at)
        VALUES (${uuidv7()}, ${user}, ${user === null ? organization.id : null}, 'x',
                ${isPast ? "2026-01-01T00:00:00Z" : "2099-01-01T00:00:00Z"})`;
    }
    for (const { owner: who, plan, seats, status } of state.subscriptions) {
      const organizationId = { user: null, organization: organization.id, club: club.id }[who];
      await tx`
        INSERT INTO subscriptions (id, user_id, organization_id, plan, status, seats, period_start, period_end)
        SELECT ${uuidv7()}, ${who === "user" ? userId : null}, ${organizationId}, ${plan}, ${status}, ${seats},
               date_trunc('day', now()) - interval '3 days', date_trunc('day', now()) + interval '25 days'`;
    }
  }

  async function applyUse(tx: postgres.TransactionSql, state: DrawnState, payerId: string): Promise<void> {
    const { settledMicros, member, slots, tokens } = state;
    const periods = tx`(VALUES (date_trunc('month', now(), 'UTC')),
                               (date_trunc('day', now()) - interval '3 days')) p(period_start)`;
    await tx`INSERT INTO usage_counters SELECT DISTINCT ${payerId}, p.period_start, ${settledMicros}::bigint FROM ${periods}`;
    if (member !== null) {
      await tx`INSERT INTO member_limits VALUES (${payerId}, ${userId}, ${member.limitMicros})`;
      await tx`INSERT INTO member_usage_counters
               SELECT DISTINCT ${payerId}, ${userId}, p.period_start, ${member.settledMicros}::bigint FROM ${periods}`;
    }
    if (tokens !== null)
      await tx`INSERT INTO rate_buckets VALUES (${payerId}, 'sync', ${tokens}, now() + interval '1 hour')`;
    for (const { isMine, holdMicros, expectedMs } of slots) {
      await tx`
        INSERT INTO slots (run_id, payer_id, user_id, workspace_id, workflow_id, profile, plan, input, decision, holder,
                           epoch, hold_micros, period_start, counts_for_member, expires_at, expected_end_at, deadline_at)
        VALUES (${uuidv7()}, ${payerId}, ${isMine ? userId : other.id}, 'elsewhere', 'elsewhere', 'api', 'free', '{}', '[]',
                'elsewhere', 1, ${holdMicros}, now(), true, now() + interval '1 hour',
                now() + ${expectedMs}::float8 * interval '1 millisecond', now() + interval '1 hour')`;
    }
  }

  return {
    apply,
    workflowId: ({ workflow }) => workflows[workflow],
    credential: (state) => {
      if (state.credential === "session") return { kind: "session", token: session };
      return withKey(state.credential === "key" ? key.secret : "gtr_unknown");
    },
  };
}

const volatileTables = [
  "runs",
  "slots",
  "rate_buckets",
  "usage_counters",
  "member_usage_counters",
  "member_limits",
  "bans",
  "subscriptions",
  "members",
  "workspace_permissions",
  "provider_keys",
];
