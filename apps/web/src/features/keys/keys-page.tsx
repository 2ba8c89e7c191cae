import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { trpc } from "../../api/client.ts";
import { CollectionPage } from "../../ui/collection-page.tsx";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import { KeyList } from "./key-list.tsx";

export function KeysPage({ workspaceId }: { readonly workspaceId: string }) {
  const keys = useQuery(trpc.apiKey.list.queryOptions({ workspaceId }));
  return (
    <CollectionPage
      title="API keys"
      things="API keys"
      description="Other programs call this workspace's workflows with a key. A key acts for the person who made it."
      query={keys}
      icon={KeyRound}
      whenEmpty="Make one to run deployed workflows over REST. It is shown once."
      createLabel="New API key"
      renderDialog={(onClose) => <CreateKeyDialog workspaceId={workspaceId} onClose={onClose} />}
    >
      {(items) => <KeyList workspaceId={workspaceId} keys={items} />}
    </CollectionPage>
  );
}
