import type postgres from "postgres";

export interface MemberView {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  /** Inside the organization. */
  readonly role: string;
  /** What the member may use of the organization's limit in a period; null: no cap. */
  readonly capMicros: number | null;
  /** What the member has used in this period. */
  readonly settledMicros: number;
}

export interface MemberPage {
  /** By name, the first `membersMax`. */
  readonly items: readonly MemberView[];
  readonly total: number;
}

const membersMax = 200;

/** `periodStartAt`: Unix milliseconds, when the organization's current period began. */
export async function readMembers(
  tx: postgres.TransactionSql,
  organizationId: string,
  periodStartAt: number,
): Promise<MemberPage> {
  const rows = await tx<MemberRow[]>`
    SELECT u.id, u.name, u.email, m.role, l.usage_limit_micros, c.settled_micros, count(*) OVER ()::int AS total
      FROM members m
      JOIN users u ON u.id = m.user_id
      LEFT JOIN payers py ON py.organization_id = m.organization_id
      LEFT JOIN member_limits l ON l.payer_id = py.id AND l.user_id = m.user_id
      LEFT JOIN member_usage_counters c ON c.payer_id = py.id AND c.user_id = m.user_id
        AND c.period_start = ${new Date(periodStartAt)}
     WHERE m.organization_id = ${organizationId}
     ORDER BY u.name, u.id LIMIT ${membersMax}`;
  return {
    items: rows.map(({ id, name, email, role, usage_limit_micros, settled_micros }) => ({
      userId: id,
      name,
      email,
      role,
      capMicros: usage_limit_micros === null ? null : Number(usage_limit_micros),
      settledMicros: Number(settled_micros ?? 0),
    })),
    total: rows[0]?.total ?? 0,
  };
}

interface MemberRow {
  id: string;
  name: string;
  email: string;
  role: string;
  usage_limit_micros: string | null;
  settled_micros: string | null;
  total: number;
}

export interface Membership {
  readonly organizationId: string;
  readonly name: string;
  readonly slug: string;
  readonly role: string;
}

/** The organizations that a user belongs to, by name. */
export async function readMemberships(
  tx: postgres.TransactionSql,
  userId: string,
): Promise<readonly Membership[]> {
  return tx<Membership[]>`
    SELECT o.id AS "organizationId", o.name, o.slug, m.role
      FROM members m JOIN organizations o ON o.id = m.organization_id
     WHERE m.user_id = ${userId} ORDER BY o.name, o.id`;
}
