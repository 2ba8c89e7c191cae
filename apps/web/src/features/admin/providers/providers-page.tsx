import { useQuery } from "@tanstack/react-query";
import { PlugZap } from "lucide-react";
import { trpc } from "../../../api/client.ts";
import type { ProvidersInUse } from "../../../api/types.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { Page } from "../../../ui/page.tsx";
import { QueryView } from "../../../ui/query-view.tsx";
import { SkeletonRows } from "../../../ui/skeleton.tsx";
import { ConnectionTable } from "./connection-table.tsx";
import { KeyTable } from "./key-table.tsx";

const refreshMs = 5_000;

/** The provider keys that one process uses now, and what it holds open. */
export function ProvidersPage() {
  const inUse = useQuery(trpc.admin.providers.queryOptions(undefined, { refetchInterval: refreshMs }));
  return (
    <Page
      title="Providers"
      description="The provider keys that were used of late, by fingerprint, and the connections that are kept warm for them. Every process has its own."
    >
      <QueryView
        query={inUse}
        skeleton={<SkeletonRows label="Loading providers" />}
        errorTitle="The providers could not be loaded"
      >
        {(data) => <InUse {...data} />}
      </QueryView>
    </Page>
  );
}

function InUse({ holder, keys, connections }: ProvidersInUse) {
  return (
    <div className="space-y-12">
      {keys.length === 0 ? (
        <EmptyState icon={PlugZap} title="No provider was called of late">
          A key appears with its first model call and leaves when it was not used for half an hour.
        </EmptyState>
      ) : (
        <KeyTable keys={keys} />
      )}
      {connections.length > 0 && <ConnectionTable connections={connections} />}
      <p className="text-[13px] text-muted">
        As seen by the process that answered: <code className="font-mono text-xs break-all">{holder}</code>
      </p>
    </div>
  );
}
