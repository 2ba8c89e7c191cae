import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../api/client.ts";
import { QueryView } from "../../ui/query-view.tsx";
import { SkeletonRows } from "../../ui/skeleton.tsx";
import { keysInUse } from "./keys-in-use.ts";
import { ProviderKeyList } from "./provider-key-list.tsx";

/** The workspace's own keys, those of the organization that pays for it, and which of them are used. */
export function ProviderKeys({ workspaceId }: { readonly workspaceId: string }) {
  const keys = useQuery(trpc.providerKey.list.queryOptions({ workspaceId }));
  return (
    <QueryView
      query={keys}
      skeleton={<SkeletonRows rows={1} label="Loading provider keys" />}
      errorTitle="The provider keys could not be loaded"
    >
      {(all) => (
        <div className="space-y-8">
          <div className="space-y-4">
            <ul className="space-y-0.5 text-[13px]">
              {keysInUse(all).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
            <ProviderKeyList
              owner={{ kind: "workspace", workspaceId }}
              workspaceId={workspaceId}
              keys={all.workspace}
              addLabel="Add provider key"
              mayChange
            />
          </div>
          {all.organization !== null && (
            <div className="space-y-4">
              <div className="space-y-0.5">
                <h3 className="text-sm font-medium">Keys of {all.organization.name}</h3>
                <p className="text-[13px] text-pretty text-muted">
                  They serve every workspace that {all.organization.name} pays for and that has no key of its
                  own for the provider. The organization's owners and admins keep them.
                </p>
              </div>
              <ProviderKeyList
                owner={{ kind: "organization", organizationId: all.organization.id }}
                workspaceId={workspaceId}
                keys={all.organization.providerKeys}
                addLabel={`Add key of ${all.organization.name}`}
                mayChange={all.organization.mayChange}
              />
            </div>
          )}
        </div>
      )}
    </QueryView>
  );
}
