import { Link } from "@tanstack/react-router";
import { ScrollText } from "lucide-react";
import { client, trpc } from "../../../api/client.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { Page } from "../../../ui/page.tsx";
import { PagesView } from "../pages-view.tsx";
import { usePages } from "../use-pages.ts";
import { AuditList } from "./audit-list.tsx";

export function AuditPage({ subjectId }: { readonly subjectId: string | null }) {
  const pages = usePages({
    queryKey: [...trpc.admin.audit.pathKey(), "pages", subjectId],
    load: (page) => client.admin.audit.query({ ...(subjectId === null ? {} : { subjectId }), ...page }),
  });
  const subject = subjectId === null ? null : (pages.data?.pages[0]?.items[0]?.subject ?? "this subject");
  return (
    <Page
      title="Audit log"
      description={
        subject === null
          ? "Everything that admins and the operator did, newest first. Nothing is ever removed from it."
          : `Only what was done to ${subject}, newest first.`
      }
      actions={
        subjectId !== null && (
          <Link to="/admin/audit" className="text-[13px] font-medium text-accent-text hover:underline">
            Show everything
          </Link>
        )
      }
    >
      <PagesView pages={pages} things="entries" whenEmpty={<NoEntries />}>
        {(entries) => <AuditList entries={entries} />}
      </PagesView>
    </Page>
  );
}

function NoEntries() {
  return (
    <EmptyState icon={ScrollText} title="Nothing was done yet">
      Bans, plans, limits, freed slots and roles appear here, with who set them and what they were before.
    </EmptyState>
  );
}
