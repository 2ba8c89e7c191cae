import { SearchX, Users } from "lucide-react";
import type { ReactNode } from "react";
import { client, trpc } from "../../api/client.ts";
import type { AccountRef, AdminAccount } from "../../api/types.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Page } from "../../ui/page.tsx";
import { PagesView } from "./pages-view.tsx";
import { SearchField } from "./search-field.tsx";
import { usePages } from "./use-pages.ts";

export interface AccountsListProps {
  readonly search: string | undefined;
  readonly onSearch: (search: { readonly search?: string }) => void;
}

interface Texts {
  readonly title: string;
  readonly description: string;
  readonly things: string;
  readonly searchLabel: string;
}

interface ListProps extends AccountsListProps, Texts {
  /** Left out: users and organizations. */
  readonly kind?: AccountRef["kind"];
  readonly children: (accounts: readonly AdminAccount[]) => ReactNode;
}

/** A page that finds accounts. */
export function AccountsList({ title, description, things, searchLabel, ...rest }: ListProps) {
  const { kind, search = "", onSearch, children } = rest;
  const pages = usePages({
    queryKey: [...trpc.admin.accounts.pathKey(), kind, search],
    load: (page) =>
      client.admin.accounts.query({
        ...(kind === undefined ? {} : { kind }),
        ...(search === "" ? {} : { search }),
        ...page,
      }),
  });
  return (
    <Page
      title={title}
      description={description}
      actions={
        <SearchField
          label={searchLabel}
          value={search}
          onSearch={(text) => onSearch(text === "" ? {} : { search: text })}
        />
      }
    >
      <PagesView pages={pages} things={things} whenEmpty={<Nothing search={search} />}>
        {children}
      </PagesView>
    </Page>
  );
}

function Nothing({ search }: { readonly search: string }) {
  return search === "" ? (
    <EmptyState icon={Users} title="Nobody yet">
      Accounts appear here as people sign up.
    </EmptyState>
  ) : (
    <EmptyState icon={SearchX} title="Nothing matches">
      No name, email or slug begins with “{search}”.
    </EmptyState>
  );
}
