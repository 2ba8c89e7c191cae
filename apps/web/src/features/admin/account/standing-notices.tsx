import type { AdminAccountDetail } from "../../../api/types.ts";
import { Button } from "../../../ui/button.tsx";
import { formatExact } from "../../../ui/format.ts";
import { Notice } from "../../../ui/notice.tsx";
import type { OpenDialog } from "./account-dialogs.tsx";

interface StandingNoticesProps {
  readonly account: AdminAccountDetail;
  readonly onOpen: (dialog: OpenDialog) => void;
}

/** Why the account's runs are refused now, and the way out. */
export function StandingNotices({ account, onOpen }: StandingNoticesProps) {
  const { ban, blockedReason } = account;
  return (
    <>
      {ban !== null && (
        <Notice
          tone="bad"
          action={
            <Button size="sm" onClick={() => onOpen({ kind: "lift_ban" })}>
              Lift ban
            </Button>
          }
        >
          <strong className="font-medium">
            Banned {ban.endsAt === null ? "without end" : `until ${formatExact(ban.endsAt)}`}.
          </strong>{" "}
          Its runs are refused. Reason, for admins only: {ban.reason}
        </Notice>
      )}
      {blockedReason !== null && (
        <Notice
          tone="warn"
          action={
            <Button size="sm" onClick={() => onOpen({ kind: "unblock" })}>
              Unblock
            </Button>
          }
        >
          <strong className="font-medium">
            {blockedReason === "dispute" ? "A payment is disputed." : "A payment failed."}
          </strong>{" "}
          What this account pays for is refused until the payment is settled, or an admin unblocks it.
        </Notice>
      )}
    </>
  );
}
