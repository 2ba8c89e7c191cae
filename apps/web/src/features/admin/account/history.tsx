import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { trpc } from "../../../api/client.ts";
import type { AccountRef } from "../../../api/types.ts";
import { Section } from "../../../ui/page.tsx";
import { QueryView } from "../../../ui/query-view.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { AuditList } from "../audit/audit-list.tsx";

const shown = 5;

/** The latest entries of the audit log about the account. */
export function History({ account }: { readonly account: AccountRef }) {
  const entries = useQuery(trpc.admin.audit.queryOptions({ subjectId: account.id, limit: shown }));
  return (
    <Section
      title="History"
      description="What admins and the operator did to this account."
      actions={
        <Link
          to="/admin/audit"
          search={{ subject: account.id }}
          className="text-[13px] font-medium text-accent-text hover:underline"
        >
          All in the audit log
        </Link>
      }
    >
      <QueryView
        query={entries}
        skeleton={<SkeletonRows rows={2} label="Loading the history" />}
        errorTitle="The history could not be loaded"
      >
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-sm text-muted">Nothing yet.</p>
          ) : (
            <AuditList entries={items} />
          )
        }
      </QueryView>
    </Section>
  );
}
