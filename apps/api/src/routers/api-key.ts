import { createApiKey, listApiKeys, revokeApiKey } from "@gantry/authoring";
import { z } from "zod";
import { denied } from "../trpc/failures.ts";
import { id, name, procedure, router } from "../trpc/trpc.ts";

export const apiKeyRouter = router({
  list: procedure.input(z.strictObject({ workspaceId: id })).query(async ({ ctx, input }) => {
    const result = await listApiKeys(ctx.deps.authoring, ctx.who, input.workspaceId);
    switch (result.kind) {
      case "ok":
        return result.apiKeys;
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "workspace", "see the API keys of this workspace");
    }
  }),

  create: procedure
    .input(z.strictObject({ workspaceId: id, name, expiresInDays: z.int().min(1).max(3_650).optional() }))
    .mutation(async ({ ctx, input }) => {
      const result = await createApiKey(ctx.deps.authoring, ctx.who, input);
      switch (result.kind) {
        case "ok":
          return { id: result.id, secret: result.secret, hint: result.hint };
        case "not_found":
        case "forbidden":
          throw denied(result.kind, "workspace", "create API keys in this workspace");
      }
    }),

  revoke: procedure.input(z.strictObject({ apiKeyId: id })).mutation(async ({ ctx, input }) => {
    const result = await revokeApiKey(ctx.deps.authoring, ctx.who, input.apiKeyId);
    switch (result.kind) {
      case "ok":
        return {};
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "API key", "revoke this API key");
    }
  }),
});
