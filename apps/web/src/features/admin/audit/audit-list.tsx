import { Link } from "@tanstack/react-router";
import type { AuditEntry } from "../../../api/types.ts";
import { RelativeTime } from "../../../ui/time.tsx";
import { auditChanges } from "./audit-changes.ts";
import { actionWords } from "./audit-words.ts";

export function AuditList({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <ol className="divide-y divide-line border-y border-line">
      {entries.map((entry) => (
        <AuditRow key={entry.id} entry={entry} />
      ))}
    </ol>
  );
}

function AuditRow({ entry }: { readonly entry: AuditEntry }) {
  const changes = auditChanges(entry);
  return (
    <li className="numbers flex flex-wrap items-baseline gap-x-6 gap-y-1 py-3 text-sm">
      <div className="min-w-0 flex-1 basis-72 space-y-1">
        <p className="break-words">
          <span className="font-medium">{actorName(entry)}</span>{" "}
          <span className="text-muted">{actionWords(entry.action)}</span>{" "}
          <Link
            to="/admin/audit"
            search={{ subject: entry.subjectId }}
            className="font-medium hover:underline"
            title="Only entries about this"
          >
            {entry.subject ?? entry.subjectId}
          </Link>
        </p>
        {changes.length > 0 && (
          <dl className="space-y-0.5 text-[13px]">
            {changes.map(({ label, before, after }) => (
              <div key={label} className="flex flex-wrap gap-x-2 break-words">
                <dt className="text-muted">{label}</dt>
                <dd className="min-w-0">
                  {before !== null && (
                    <>
                      <span className="text-muted">{before}</span>
                      <span aria-hidden="true" className="text-muted">
                        {" → "}
                      </span>
                      <span className="sr-only"> became </span>
                    </>
                  )}
                  {after}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
      <span className="text-[13px] text-muted">
        <RelativeTime at={entry.at} />
      </span>
    </li>
  );
}

function actorName({ actor }: AuditEntry): string {
  if (actor === null) return "The operator";
  return actor.name ?? "A deleted account";
}
