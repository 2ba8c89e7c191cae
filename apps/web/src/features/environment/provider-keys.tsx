import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import { readFailure } from "../../api/failure.ts";
import type { ProviderKey } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { RelativeTime } from "../../ui/time.tsx";
import { AddProviderKeyDialog } from "./add-provider-key-dialog.tsx";

export function ProviderKeys({ workspaceId }: { readonly workspaceId: string }) {
  const keys = useQuery(trpc.providerKey.list.queryOptions({ workspaceId }));
  const queryClient = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<ProviderKey | null>(null);
  const refresh = async () => {
    await queryClient.invalidateQueries({ queryKey: trpc.providerKey.list.queryKey({ workspaceId }) });
    setAdding(false);
    setRevoking(null);
  };
  const revoke = useMutation(trpc.providerKey.revoke.mutationOptions({ onSuccess: refresh }));
  return (
    <QueryView
      query={keys}
      skeleton={<SkeletonRows rows={1} label="Loading provider keys" />}
      errorTitle="The provider keys could not be loaded"
    >
      {(items) => (
        <div className="space-y-4">
          <ul className="divide-y divide-line border-y border-line">
            {items.length === 0 && (
              <li className="py-4 text-[13px] text-muted">No provider keys: the operator's are used.</li>
            )}
            {items.map((key) => (
              <li key={key.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 text-sm">
                <span className="min-w-0 flex-1 basis-48">
                  <span className="block truncate font-medium">{key.name}</span>
                  <span className="text-xs text-muted">
                    Anthropic · <code className="font-mono">{key.hint}</code>
                  </span>
                </span>
                <span className="text-[13px] text-muted">
                  Added <RelativeTime at={key.createdAt} />
                </span>
                <Button
                  size="sm"
                  variant="danger"
                  aria-label={`Revoke ${key.name}`}
                  onClick={() => setRevoking(key)}
                >
                  Revoke
                </Button>
              </li>
            ))}
          </ul>
          <Button
            size="sm"
            icon={<Plus aria-hidden="true" className="size-3.5" />}
            onClick={() => setAdding(true)}
          >
            Add provider key
          </Button>
          {adding && (
            <AddProviderKeyDialog
              workspaceId={workspaceId}
              onClose={() => setAdding(false)}
              onDone={refresh}
            />
          )}
          {revoking !== null && (
            <ConfirmDialog
              title={`Revoke ${revoking.name}?`}
              confirm="Revoke key"
              danger
              busy={revoke.isPending}
              error={revoke.error === null ? null : readFailure(revoke.error).message}
              onConfirm={() => revoke.mutate({ workspaceId, providerKeyId: revoking.id })}
              onClose={() => setRevoking(null)}
            >
              Runs no longer use it. It stays valid at the provider until it is revoked there too.
            </ConfirmDialog>
          )}
        </div>
      )}
    </QueryView>
  );
}
