import {
  addProviderKey,
  listOrganizationProviderKeys,
  listProviderKeys,
  revokeProviderKey,
} from "@gantry/authoring";
import { newProviderKey } from "@gantry/providers/credentials";
import { z } from "zod";
import { denied } from "../trpc/failures.ts";
import { id, name, procedure, router } from "../trpc/trpc.ts";

const owner = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("workspace"), workspaceId: id }),
  z.strictObject({ kind: z.literal("organization"), organizationId: id }),
]);

export const providerKeyRouter = router({
  list: procedure.input(z.strictObject({ workspaceId: id })).query(async ({ ctx, input }) => {
    const result = await listProviderKeys(ctx.deps.authoring, ctx.who, input.workspaceId);
    switch (result.kind) {
      case "ok":
        return { workspace: result.workspace, organization: result.organization };
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "workspace", "see the provider keys of this workspace");
    }
  }),

  listOfOrganization: procedure
    .input(z.strictObject({ organizationId: id }))
    .query(async ({ ctx, input }) => {
      const result = await listOrganizationProviderKeys(ctx.deps.authoring, ctx.who, input.organizationId);
      switch (result.kind) {
        case "ok":
          return result.providerKeys;
        case "not_found":
        case "forbidden":
          throw denied(result.kind, "organization", "see the provider keys of this organization");
      }
    }),

  add: procedure
    .input(z.strictObject({ owner, name, key: newProviderKey }))
    .mutation(async ({ ctx, input }) => {
      const result = await addProviderKey(ctx.deps.authoring, ctx.who, input);
      switch (result.kind) {
        case "ok":
          return { id: result.id };
        case "not_found":
        case "forbidden":
          throw denied(result.kind, input.owner.kind, `add provider keys to this ${input.owner.kind}`);
      }
    }),

  revoke: procedure.input(z.strictObject({ owner, providerKeyId: id })).mutation(async ({ ctx, input }) => {
    const result = await revokeProviderKey(ctx.deps.authoring, ctx.who, input);
    switch (result.kind) {
      case "ok":
        return {};
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "provider key", "revoke this provider key");
    }
  }),
});
