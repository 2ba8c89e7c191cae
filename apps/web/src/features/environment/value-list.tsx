import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import { readFailure } from "../../api/failure.ts";
import type { EnvironmentValue } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Section } from "../../ui/page.tsx";
import { RelativeTime } from "../../ui/time.tsx";
import { type Scope, SetValueDialog } from "./set-value-dialog.tsx";

interface ValueListProps {
  readonly title: string;
  readonly description: string;
  readonly scope: Scope;
  readonly workspaceId: string;
  readonly values: readonly EnvironmentValue[];
}

type Open =
  | { readonly kind: "set"; readonly name: string | null }
  | { readonly kind: "remove"; readonly name: string };

export function ValueList({ title, description, scope, workspaceId, values }: ValueListProps) {
  const [open, setOpen] = useState<Open | null>(null);
  const queryClient = useQueryClient();
  const refresh = async () => {
    await queryClient.invalidateQueries({ queryKey: trpc.environment.list.queryKey({ workspaceId }) });
    setOpen(null);
  };
  const remove = useMutation(trpc.environment.remove.mutationOptions({ onSuccess: refresh }));
  return (
    <Section
      title={title}
      description={description}
      actions={
        <Button
          size="sm"
          icon={<Plus aria-hidden="true" className="size-3.5" />}
          onClick={() => setOpen({ kind: "set", name: null })}
        >
          Add {title.toLowerCase()} value
        </Button>
      }
    >
      <ul className="divide-y divide-line border-y border-line">
        {values.length === 0 && <li className="py-4 text-[13px] text-muted">No values yet.</li>}
        {values.map(({ name, updatedAt }) => (
          <li key={name} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 text-sm">
            <code className="min-w-0 flex-1 basis-48 font-mono text-[13px] break-all">{name}</code>
            <span className="text-[13px] text-muted">
              Set <RelativeTime at={updatedAt} />
            </span>
            <span className="flex gap-1">
              <Button
                size="sm"
                variant="quiet"
                aria-label={`Replace ${name}`}
                onClick={() => setOpen({ kind: "set", name })}
              >
                Replace
              </Button>
              <Button
                size="sm"
                variant="quiet"
                aria-label={`Remove ${name}`}
                onClick={() => setOpen({ kind: "remove", name })}
              >
                Remove
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {open?.kind === "set" && (
        <SetValueDialog scope={scope} name={open.name} onClose={() => setOpen(null)} onDone={refresh} />
      )}
      {open?.kind === "remove" && (
        <ConfirmDialog
          title={`Remove ${open.name}?`}
          confirm="Remove value"
          danger
          busy={remove.isPending}
          error={remove.error === null ? null : readFailure(remove.error).message}
          onConfirm={() => remove.mutate({ scope, name: open.name })}
          onClose={() => setOpen(null)}
        >
          Blocks that use it fail until it is set again.
        </ConfirmDialog>
      )}
    </Section>
  );
}
