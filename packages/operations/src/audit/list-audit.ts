import type { Forbidden, OperationsDeps, Principal } from "../deps.ts";
import { readAsAdmin } from "../read-as-admin.ts";

export interface AuditEntryView {
  readonly id: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Null: the command line of the operator. */
  readonly actor: {
    readonly userId: string;
    /** Null when the person's account is gone; so is the email then. */
    readonly name: string | null;
    readonly email: string | null;
  } | null;
  readonly action: string;
  readonly subjectId: string;
  /** What people knew the subject by; null when the entry's details cannot be read. */
  readonly subject: string | null;
  /** In the words of the action; null: nothing was, or nothing is. */
  readonly before: AuditState | null;
  readonly after: AuditState | null;
}

export type AuditState = Readonly<Record<string, unknown>>;

export interface ListAuditRequest {
  /** The id of a user, an organization or a run; null: everything. */
  readonly subjectId: string | null;
  /** The last page's `nextCursor`; null for the first page. */
  readonly cursor: string | null;
  readonly limit: number;
}

export type ListAuditResult =
  | {
      readonly kind: "ok";
      readonly items: readonly AuditEntryView[];
      /** Null on the last page. */
      readonly nextCursor: string | null;
    }
  | Forbidden;

/** What admins and the operator have done, newest first. */
export function listAudit(
  deps: Pick<OperationsDeps, "sql">,
  principal: Principal,
  { subjectId, cursor, limit }: ListAuditRequest,
): Promise<ListAuditResult> {
  return readAsAdmin(deps, principal, async (tx) => {
    const rows = await tx<Row[]>`
      SELECT e.id, extract(epoch FROM e.created_at)::float8 * 1000 AS at, e.actor_user_id, u.name, u.email,
             e.action, e.subject_id, e.details
        FROM audit_entries e LEFT JOIN users u ON u.id = e.actor_user_id
       WHERE true
         ${subjectId === null ? tx`` : tx`AND e.subject_id = ${subjectId}`}
         ${cursor === null ? tx`` : tx`AND e.id < ${cursor}`}
       ORDER BY e.id DESC LIMIT ${limit + 1}`;
    const page = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? (page.at(-1)?.id ?? null) : null;
    return { kind: "ok", items: page.map(viewOf), nextCursor } as const;
  });
}

interface Row {
  id: string;
  at: number;
  actor_user_id: string | null;
  name: string | null;
  email: string | null;
  action: string;
  subject_id: string;
  details: string;
}

function viewOf(row: Row): AuditEntryView {
  const { actor_user_id: userId, name, email } = row;
  return {
    id: row.id,
    at: row.at,
    actor: userId === null ? null : { userId, name, email },
    action: row.action,
    subjectId: row.subject_id,
    ...readDetails(row.details),
  };
}

/** One entry that cannot be read must not hide the others. */
function readDetails(details: string): Pick<AuditEntryView, "subject" | "before" | "after"> {
  const { subject, before, after } = stateOf(parse(details)) ?? {};
  return {
    subject: typeof subject === "string" ? subject : null,
    before: stateOf(before),
    after: stateOf(after),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function stateOf(value: unknown): AuditState | null {
  return typeof value === "object" && value !== null ? { ...value } : null;
}
