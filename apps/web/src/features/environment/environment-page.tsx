import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page, Section } from "../../ui/page.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { ProviderKeys } from "./provider-keys.tsx";
import { ValueList } from "./value-list.tsx";

/** Values that blocks use as `{{NAME}}`, and keys for model providers. Write-only: nothing is ever shown again. */
export function EnvironmentPage({ workspaceId }: { readonly workspaceId: string }) {
  const values = useQuery(trpc.environment.list.queryOptions({ workspaceId }));
  const status = useQuery(trpc.system.status.queryOptions());
  return (
    <Page
      title="Environment"
      description="Values that blocks use as {{NAME}}. They are encrypted, and can be replaced but never read back."
    >
      <div className="space-y-12">
        {status.data?.models === "local" && (
          <Notice>
            Answers come from the local model server, whichever provider a block names. Set{" "}
            <code className="font-mono text-xs">ANTHROPIC_API_KEY</code> or another provider's to call real
            models, or add a provider key below.
          </Notice>
        )}
        <QueryView
          query={values}
          skeleton={<SkeletonRows label="Loading environment" />}
          errorTitle="The environment could not be loaded"
        >
          {({ workspace, personal }) => (
            <>
              <ValueList
                title="Workspace"
                description="Used by every run in this workspace."
                scope={{ kind: "workspace", workspaceId }}
                workspaceId={workspaceId}
                values={workspace}
              />
              <ValueList
                title="Personal"
                description="Used by runs that you start. A workspace value of the same name wins over yours."
                scope={{ kind: "personal" }}
                workspaceId={workspaceId}
                values={personal}
              />
            </>
          )}
        </QueryView>
        <Section
          title="Provider keys"
          description="With keys of your own, model calls of this workspace go through your account and cost nothing here."
        >
          <ProviderKeys workspaceId={workspaceId} />
        </Section>
      </div>
    </Page>
  );
}
