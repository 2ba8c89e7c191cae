import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { trpc } from "../../api/client.ts";
import type { Billing } from "../../api/types.ts";
import { Button } from "../../ui/button.tsx";
import { MutationError } from "../../ui/mutation-error.tsx";
import { ChangePlanDialog } from "./change-plan-dialog.tsx";
import { leaveTo } from "./leave-to.ts";
import { buyablePlans, paymentTrouble } from "./plan-words.ts";

interface PlanActionsProps {
  readonly workspaceId: string;
  readonly billing: Billing;
}

export function PlanActions({ workspaceId, billing }: PlanActionsProps) {
  const [changing, setChanging] = useState(false);
  const portal = useMutation(trpc.billing.portal.mutationOptions({ onSuccess: leaveTo }));
  const buyable = buyablePlans(billing);
  const isManageable = billing.sells !== null && billing.mayManage && billing.isCustomer;
  if (buyable.length === 0 && !isManageable) return null;
  const isTroubled = paymentTrouble(billing) !== null;
  return (
    <>
      <div className="space-y-3">
        <div className="flex flex-wrap gap-2">
          {buyable.length > 0 && (
            <Button
              variant={billing.plan === "free" ? "primary" : "secondary"}
              onClick={() => setChanging(true)}
            >
              Change plan
            </Button>
          )}
          {isManageable && (
            <Button
              variant={isTroubled ? "primary" : "secondary"}
              busy={portal.isPending || portal.isSuccess}
              onClick={() => portal.mutate({ workspaceId })}
            >
              Manage billing
            </Button>
          )}
        </div>
        <MutationError error={portal.error} />
      </div>
      {changing && (
        <ChangePlanDialog
          workspaceId={workspaceId}
          buyable={buyable}
          own={billing.own}
          onClose={() => setChanging(false)}
        />
      )}
    </>
  );
}
