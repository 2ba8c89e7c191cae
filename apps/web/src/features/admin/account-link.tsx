import { Link } from "@tanstack/react-router";
import type { AccountRef } from "../../api/types.ts";
import { classNames } from "../../ui/class-names.ts";

interface AccountLinkProps {
  readonly account: AccountRef;
  readonly name: string;
  /** The whole row leads there. */
  readonly covers?: boolean;
}

export function AccountLink({ account, name, covers = false }: AccountLinkProps) {
  return (
    <Link
      to="/admin/accounts/$kind/$id"
      params={{ kind: account.kind, id: account.id }}
      className={classNames(
        covers ? "font-medium after:absolute after:inset-0" : "text-accent-text hover:underline",
      )}
    >
      {name}
    </Link>
  );
}
