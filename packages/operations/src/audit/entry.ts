import type postgres from "postgres";
import type { Actor } from "../deps.ts";

export type AuditAction =
  | "role.set"
  | "account.ban"
  | "account.lift_ban"
  | "payer.plan"
  | "payer.limits"
  | "payer.shadow_limits"
  | "payer.unblock"
  | "member.cap"
  | "slot.free";

/** What the audit log is to say of one change. */
export interface AuditEntry<S> {
  readonly action: AuditAction;
  /** Of a user, an organization or a run. */
  readonly subjectId: string;
  /** Its email, slug or workflow: what people knew it by, for it may be gone when the log is read. */
  readonly subject: string;
  /** What was, and what is now, in the same words. Never a secret. Times in Unix milliseconds. */
  readonly before: S;
  readonly after: S;
}

export async function writeEntry<S>(
  tx: postgres.TransactionSql,
  id: string,
  actor: Actor,
  { action, subjectId, subject, before, after }: AuditEntry<S>,
): Promise<void> {
  const actorUserId = actor === "operator" ? null : actor.userId;
  const details = JSON.stringify({ subject, before, after });
  await tx`INSERT INTO audit_entries (id, actor_user_id, action, subject_id, details)
           VALUES (${id}, ${actorUserId}, ${action}, ${subjectId}, ${details})`;
}
