import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import { readFailure } from "../../api/failure.ts";
import type { ApiKey } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { formatDay } from "../../ui/format.ts";
import { RelativeTime, useNow } from "../../ui/time.tsx";

interface KeyListProps {
  readonly workspaceId: string;
  readonly keys: readonly ApiKey[];
}

export function KeyList({ workspaceId, keys }: KeyListProps) {
  const queryClient = useQueryClient();
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const revoke = useMutation(
    trpc.apiKey.revoke.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: trpc.apiKey.list.queryKey({ workspaceId }) });
        setRevoking(null);
      },
    }),
  );
  return (
    <>
      <ul className="divide-y divide-line border-y border-line">
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
        ))}
      </ul>
      {revoking !== null && (
        <ConfirmDialog
          title={`Revoke ${revoking.name}?`}
          confirm="Revoke key"
          danger
          busy={revoke.isPending}
          error={revoke.error === null ? null : readFailure(revoke.error).message}
          onConfirm={() => revoke.mutate({ apiKeyId: revoking.id })}
          onClose={() => setRevoking(null)}
        >
          Programs that use it are refused from then on. A revoked key cannot come back.
        </ConfirmDialog>
      )}
    </>
  );
}

function KeyRow({ apiKey, onRevoke }: { readonly apiKey: ApiKey; readonly onRevoke: () => void }) {
  const state = stateOf(apiKey, useNow());
  return (
    <li className="numbers flex flex-wrap items-center gap-x-6 gap-y-1 py-3.5 text-sm">
      <div className={classNames("min-w-0 flex-1 basis-56", state !== "live" && "text-muted")}>
        <p className="truncate font-medium">{apiKey.name}</p>
        <code className="font-mono text-xs text-muted">{apiKey.hint}</code>
      </div>
      <p className="basis-56 text-[13px] text-muted max-sm:basis-full">
        {apiKey.owner} · <RelativeTime at={apiKey.createdAt} />
        {apiKey.expiresAt !== null && state === "live" && ` · expires ${formatDay(apiKey.expiresAt)}`}
      </p>
      {state === "live" ? (
        <Button size="sm" variant="danger" aria-label={`Revoke ${apiKey.name}`} onClick={onRevoke}>
          Revoke
        </Button>
      ) : (
        <span className="text-[13px] text-muted">{state === "revoked" ? "Revoked" : "Expired"}</span>
      )}
    </li>
  );
}

function stateOf(key: ApiKey, now: number): "live" | "revoked" | "expired" {
  if (key.revokedAt !== null) return "revoked";
  return key.expiresAt !== null && key.expiresAt <= now ? "expired" : "live";
}
