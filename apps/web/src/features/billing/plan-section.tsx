import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import type { Billing } from "../../api/types.ts";
import { Notice } from "../../ui/notice.tsx";
import { Section } from "../../ui/page.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { PlanActions } from "./plan-actions.tsx";
import { paymentTrouble, planNames, planSentences, seatsNote } from "./plan-words.ts";

/** Stripe tells of a purchase a moment after it sends people back. */
const refreshMs = 5_000;

/** The plan that the workspace's payer has, and the way to Stripe where it is bought there. */
export function PlanSection({ workspaceId }: { readonly workspaceId: string }) {
  const billing = useQuery(trpc.billing.get.queryOptions({ workspaceId }, { refetchInterval: refreshMs }));
  return (
    <QueryView
      query={billing}
      skeleton={<Skeleton className="h-24" />}
      errorTitle="The plan could not be loaded"
    >
      {(data) => data !== null && <PlanOf workspaceId={workspaceId} billing={data} />}
    </QueryView>
  );
}

function PlanOf({ workspaceId, billing }: { readonly workspaceId: string; readonly billing: Billing }) {
  const trouble = paymentTrouble(billing);
  const seats = seatsNote(billing);
  const sentences = planSentences(billing);
  return (
    <Section title="Plan">
      {trouble !== null && <Notice tone={trouble.tone}>{trouble.sentence}</Notice>}
      <div className="flex flex-wrap items-center justify-between gap-x-10 gap-y-4 rounded-xl border border-line bg-surface p-5">
        <div className="min-w-0 space-y-1">
          <p className="numbers text-xl font-semibold tracking-tight">
            {planNames[billing.plan]}
            {seats !== null && (
              <span className="ml-2 text-sm font-normal tracking-normal text-muted">{seats}</span>
            )}
          </p>
          {sentences.map((sentence) => (
            <p key={sentence} className="max-w-prose text-sm text-pretty text-muted">
              {sentence}
            </p>
          ))}
        </div>
        <PlanActions workspaceId={workspaceId} billing={billing} />
      </div>
    </Section>
  );
}
