import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { trpc } from "../../api/client.ts";
import type { Usage } from "../../api/types.ts";
import { Page, Section } from "../../ui/page.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { MoneyMeter } from "./money-meter.tsx";
import { NoLimits } from "./no-limits.tsx";
import { RateMeters } from "./rate-meters.tsx";
import { periodSentence, roomSentence } from "./usage-words.ts";

const refreshMs = 5_000;

interface UsagePageProps {
  readonly workspaceId: string;
  /** What says which plan these are the limits of. */
  readonly plan: ReactNode;
}

export function UsagePage({ workspaceId, plan }: UsagePageProps) {
  const usage = useQuery(trpc.usage.get.queryOptions({ workspaceId }, { refetchInterval: refreshMs }));
  return (
    <Page
      title="Usage"
      description={
        usage.data === undefined ? "What is used, what is held, what is left." : describe(usage.data)
      }
    >
      <QueryView query={usage} skeleton={<UsageSkeleton />} errorTitle="The usage could not be loaded">
        {(data) => (
          <div className="space-y-12">
            {data.billingEnabled ? plan : <NoLimits />}
            <MoneyMeter
              title="This period"
              description={periodSentence(data)}
              settledMicros={data.settledMicros}
              heldMicros={data.heldMicros}
              limitMicros={data.limitMicros}
              room={roomSentence(data)}
            />
            {data.member !== null && (
              <MoneyMeter
                title="Your own share"
                description="Your cap within the organization."
                {...data.member}
                room={null}
              />
            )}
            <Section
              title="Throughput"
              description="Tokens come back continuously; a bucket holds two minutes' worth."
            >
              <RateMeters usage={data} />
            </Section>
          </div>
        )}
      </QueryView>
    </Page>
  );
}

function describe({ payer, plan, billingEnabled }: Usage): string {
  if (payer === null) return "No account pays for this workspace.";
  const who = payer.kind === "organization" ? `the organization ${payer.name}` : payer.name;
  return billingEnabled && plan !== null ? `Paid by ${who}, on the ${plan} plan.` : `Paid by ${who}.`;
}

function UsageSkeleton() {
  return (
    <div role="status" aria-label="Loading usage" className="space-y-10">
      <Skeleton className="h-24" />
      <Skeleton className="h-40" />
    </div>
  );
}
