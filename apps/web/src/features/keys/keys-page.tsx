import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Page } from "../../ui/page.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import { KeyList } from "./key-list.tsx";

export function KeysPage({ workspaceId }: { readonly workspaceId: string }) {
  const keys = useQuery(trpc.apiKey.list.queryOptions({ workspaceId }));
  const [creating, setCreating] = useState(false);
  const create = (
    <Button
      variant="primary"
      icon={<Plus aria-hidden="true" className="size-4" />}
      onClick={() => setCreating(true)}
    >
      New API key
    </Button>
  );
  return (
    <Page
      title="API keys"
      description="Other programs call this workspace's workflows with a key. A key acts for the person who made it."
      actions={keys.data !== undefined && keys.data.length > 0 && create}
    >
      <QueryView
        query={keys}
        skeleton={<SkeletonRows label="Loading API keys" />}
        errorTitle="The API keys could not be loaded"
      >
        {(items) =>
          items.length === 0 ? (
            <EmptyState icon={KeyRound} title="No API keys yet" action={create}>
              Make one to run deployed workflows over REST. It is shown once.
            </EmptyState>
          ) : (
            <KeyList workspaceId={workspaceId} keys={items} />
          )
        }
      </QueryView>
      {creating && <CreateKeyDialog workspaceId={workspaceId} onClose={() => setCreating(false)} />}
    </Page>
  );
}
