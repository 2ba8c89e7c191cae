import type { ProviderKey } from "../../api/types.ts";
import { providerName } from "../../definition/provider-name.ts";
import { Button } from "../../ui/button.tsx";
import { RelativeTime } from "../../ui/time.tsx";

interface ProviderKeyRowProps {
  readonly providerKey: ProviderKey;
  /** Null: it is not the reader's to revoke. */
  readonly onRevoke: (() => void) | null;
}

export function ProviderKeyRow({ providerKey, onRevoke }: ProviderKeyRowProps) {
  const { provider, name, hint, createdAt } = providerKey;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 text-sm">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block truncate font-medium">{name}</span>
        <span className="text-xs text-muted">
          {providerName(provider)} · <code className="font-mono wrap-anywhere">{hint}</code>
        </span>
      </span>
      <span className="text-[13px] text-muted">
        Added <RelativeTime at={createdAt} />
      </span>
      {onRevoke !== null && (
        <Button size="sm" variant="danger" aria-label={`Revoke ${name}`} onClick={onRevoke}>
          Revoke
        </Button>
      )}
    </li>
  );
}
