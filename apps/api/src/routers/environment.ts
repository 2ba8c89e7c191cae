import { listEnvironment, removeEnvironmentValue, setEnvironmentValue } from "@gantry/authoring";
import { environmentName } from "@gantry/workflow";
import { z } from "zod";
import { denied } from "../trpc/failures.ts";
import { id, procedure, router } from "../trpc/trpc.ts";

const scope = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("workspace"), workspaceId: id }),
  z.strictObject({ kind: z.literal("personal") }),
]);
const valueName = environmentName.max(100);

export const environmentRouter = router({
  list: procedure.input(z.strictObject({ workspaceId: id })).query(async ({ ctx, input }) => {
    const result = await listEnvironment(ctx.deps.authoring, ctx.who, input.workspaceId);
    switch (result.kind) {
      case "ok":
        return { workspace: result.workspace, personal: result.personal };
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "workspace", "see the environment of this workspace");
    }
  }),

  set: procedure
    .input(z.strictObject({ scope, name: valueName, value: z.string().min(1).max(64_000) }))
    .mutation(async ({ ctx, input }) => {
      const result = await setEnvironmentValue(ctx.deps.authoring, ctx.who, input);
      switch (result.kind) {
        case "ok":
          return {};
        case "not_found":
        case "forbidden":
          throw denied(result.kind, "workspace", "change this environment");
      }
    }),

  remove: procedure.input(z.strictObject({ scope, name: valueName })).mutation(async ({ ctx, input }) => {
    const result = await removeEnvironmentValue(ctx.deps.authoring, ctx.who, input);
    switch (result.kind) {
      case "ok":
        return {};
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "environment value", "change this environment");
    }
  }),
});
