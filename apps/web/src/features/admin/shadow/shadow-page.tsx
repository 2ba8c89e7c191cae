import { FlaskConical } from "lucide-react";
import { client, trpc } from "../../../api/client.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { Page } from "../../../ui/page.tsx";
import { PagesView } from "../pages-view.tsx";
import { usePages } from "../use-pages.ts";
import { PayerShadowView } from "./payer-shadow.tsx";

/** What limits would refuse if they were enforced. */
export function ShadowPage() {
  const pages = usePages({
    queryKey: trpc.admin.shadowReport.pathKey(),
    load: (page) => client.admin.shadowReport.query(page),
  });
  return (
    <Page
      title="Shadow limits"
      description="Limits that are rehearsed: evaluated and recorded for each run, refusing none. Runs of the last 30 days, days in UTC."
    >
      <PagesView pages={pages} things="shadow limits" whenEmpty={<NoShadowLimits />}>
        {(payers) => (
          <div className="space-y-12">
            {payers.map((payer) => (
              <PayerShadowView key={payer.id} payer={payer} />
            ))}
          </div>
        )}
      </PagesView>
    </Page>
  );
}

function NoShadowLimits() {
  return (
    <EmptyState icon={FlaskConical} title="No limit is rehearsed">
      Give a payer a shadow limit on its page, and see here what it would have refused before you enforce it.
    </EmptyState>
  );
}
