import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../../api/client.ts";
import type { AccountRef, AdminAccountDetail } from "../../../api/types.ts";
import { Button } from "../../../ui/button.tsx";
import { formatDay } from "../../../ui/format.ts";
import { Page } from "../../../ui/page.tsx";
import { QueryView } from "../../../ui/query-view.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { Badge } from "../account-badges.tsx";
import { AccountDialogs, type OpenDialog } from "./account-dialogs.tsx";
import { AccountLimits } from "./account-limits.tsx";
import { AccountUsage } from "./account-usage.tsx";
import { BanHistory } from "./ban-history.tsx";
import { History } from "./history.tsx";
import { Members } from "./members.tsx";
import { Memberships } from "./memberships.tsx";
import { StandingNotices } from "./standing-notices.tsx";

/** A user or an organization: everything that an admin may see and do. */
export function AccountPage({ account }: { readonly account: AccountRef }) {
  const query = useQuery(trpc.admin.account.queryOptions({ account }));
  return (
    <QueryView
      query={query}
      skeleton={<AccountSkeleton />}
      errorTitle="This account could not be loaded"
      isPage
    >
      {(data) => <Account account={data} />}
    </QueryView>
  );
}

function Account({ account }: { readonly account: AdminAccountDetail }) {
  const [open, setOpen] = useState<OpenDialog | null>(null);
  const [announcement, setAnnouncement] = useState("");
  return (
    <Page
      title={account.name}
      description={describe(account)}
      actions={
        <>
          {account.role === "admin" && <Badge tone="accent">Admin</Badge>}
          {account.ban === null && (
            <Button variant="danger" onClick={() => setOpen({ kind: "ban" })}>
              Ban
            </Button>
          )}
        </>
      }
    >
      <div className="space-y-12">
        <div className="space-y-3 empty:hidden">
          <p role="status" className="text-[13px] font-medium text-ok empty:hidden">
            {announcement}
          </p>
          <StandingNotices account={account} onOpen={setOpen} />
        </div>
        <AccountUsage account={account} onOpen={setOpen} />
        <AccountLimits account={account} onOpen={setOpen} />
        {account.members !== null && (
          <Members organization={account} members={account.members} onOpen={setOpen} />
        )}
        {account.memberships !== null && <Memberships memberships={account.memberships} />}
        <BanHistory bans={account.bans} />
        <History account={account} />
      </div>
      {open !== null && (
        <AccountDialogs
          account={account}
          open={open}
          onClose={() => setOpen(null)}
          onDone={(said) => {
            setOpen(null);
            setAnnouncement(said);
          }}
        />
      )}
    </Page>
  );
}

function describe({ kind, handle, createdAt }: AdminAccountDetail): string {
  const day = formatDay(createdAt);
  return kind === "organization" ? `Organization ${handle}, since ${day}.` : `${handle}, joined ${day}.`;
}

function AccountSkeleton() {
  return (
    <Page title="Account">
      <div role="status" aria-label="Loading the account" className="space-y-10">
        <Skeleton className="h-24" />
        <Skeleton className="h-48" />
      </div>
    </Page>
  );
}
