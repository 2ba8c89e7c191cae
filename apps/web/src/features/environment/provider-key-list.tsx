import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import { readFailure } from "../../api/failure.ts";
import type { ProviderKey, ProviderKeyOwner } from "../../api/types.ts";
import { providerName } from "../../definition/provider-name.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { AddProviderKeyDialog } from "./add-provider-key-dialog.tsx";
import { ProviderKeyRow } from "./provider-key-row.tsx";

interface ProviderKeyListProps {
  readonly owner: ProviderKeyOwner;
  /** Whose page this is. */
  readonly workspaceId: string;
  readonly keys: readonly ProviderKey[];
  readonly addLabel: string;
  readonly mayChange: boolean;
}

type Open = { readonly kind: "add" } | { readonly kind: "revoke"; readonly key: ProviderKey };

export function ProviderKeyList({ owner, workspaceId, keys, addLabel, mayChange }: ProviderKeyListProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const queryClient = useQueryClient();
  const refresh = async () => {
    await queryClient.invalidateQueries({ queryKey: trpc.providerKey.list.queryKey({ workspaceId }) });
    setOpen(null);
  };
  const revoke = useMutation(trpc.providerKey.revoke.mutationOptions({ onSuccess: refresh }));
  return (
    <div className="space-y-4">
      <ul className="divide-y divide-line border-y border-line">
        {keys.length === 0 && <li className="py-4 text-[13px] text-muted">No keys yet.</li>}
        {keys.map((key) => (
          <ProviderKeyRow
            key={key.id}
            providerKey={key}
            onRevoke={mayChange ? () => setOpen({ kind: "revoke", key }) : null}
          />
        ))}
      </ul>
      {mayChange && (
        <Button
          size="sm"
          icon={<Plus aria-hidden="true" className="size-3.5" />}
          onClick={() => setOpen({ kind: "add" })}
        >
          {addLabel}
        </Button>
      )}
      {open?.kind === "add" && (
        <AddProviderKeyDialog owner={owner} title={addLabel} onClose={() => setOpen(null)} onDone={refresh} />
      )}
      {open?.kind === "revoke" && (
        <ConfirmDialog
          title={`Revoke ${open.key.name}?`}
          confirm="Revoke key"
          danger
          busy={revoke.isPending}
          error={revoke.error === null ? null : readFailure(revoke.error).message}
          onConfirm={() => revoke.mutate({ owner, providerKeyId: open.key.id })}
          onClose={() => setOpen(null)}
        >
          {providerName(open.key.provider)} · <code className="font-mono text-xs">{open.key.hint}</code>. Runs
          that start from now on do not use it. It stays valid at the provider until it is revoked there too.
        </ConfirmDialog>
      )}
    </div>
  );
}
