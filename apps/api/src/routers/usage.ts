import { z } from "zod";
import { notFound } from "../trpc/failures.ts";
import { id, procedure, router } from "../trpc/trpc.ts";

export const usageRouter = router({
  get: procedure.input(z.strictObject({ workspaceId: id })).query(async ({ ctx, input }) => {
    const usage = await ctx.deps.execution.usage({ principal: ctx.who, workspaceId: input.workspaceId });
    if (usage === null) throw notFound("workspace");
    return usage;
  }),
});
