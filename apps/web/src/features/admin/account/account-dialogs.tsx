import type { AccountMembers, AdminAccountDetail } from "../../../api/types.ts";
import { useRefreshAdmin } from "../use-refresh-admin.ts";
import { BanDialog } from "./ban-dialog.tsx";
import { CapDialog } from "./cap-dialog.tsx";
import { LiftBanDialog } from "./lift-ban-dialog.tsx";
import { LimitsDialog } from "./limits-dialog.tsx";
import { PlanDialog } from "./plan-dialog.tsx";
import { ShadowDialog } from "./shadow-dialog.tsx";
import { UnblockDialog } from "./unblock-dialog.tsx";

export type OpenDialog =
  | { readonly kind: "ban" | "lift_ban" | "unblock" | "plan" | "limits" | "shadow" }
  | { readonly kind: "cap"; readonly member: AccountMembers["items"][number] };

/** What each dialog is given. `onDone` is told what was done, in a sentence. */
export interface AccountDialogProps {
  readonly account: AdminAccountDetail;
  readonly onClose: () => void;
  readonly onDone: (said: string) => Promise<void>;
}

interface AccountDialogsProps {
  readonly account: AdminAccountDetail;
  readonly open: OpenDialog;
  readonly onClose: () => void;
  readonly onDone: (said: string) => void;
}

export function AccountDialogs({ account, open, onClose, onDone }: AccountDialogsProps) {
  const refresh = useRefreshAdmin();
  const props: AccountDialogProps = {
    account,
    onClose,
    // The page shows what holds now before the dialog goes.
    onDone: async (said) => {
      await refresh();
      onDone(said);
    },
  };
  switch (open.kind) {
    case "ban":
      return <BanDialog {...props} />;
    case "lift_ban":
      return <LiftBanDialog {...props} />;
    case "unblock":
      return <UnblockDialog {...props} />;
    case "plan":
      return <PlanDialog {...props} />;
    case "limits":
      return <LimitsDialog {...props} />;
    case "shadow":
      return <ShadowDialog {...props} />;
    case "cap":
      return <CapDialog {...props} member={open.member} />;
  }
}
