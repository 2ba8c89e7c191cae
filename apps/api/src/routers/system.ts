import { openProcedure, router } from "../trpc/trpc.ts";

export const systemRouter = router({
  status: openProcedure.query(({ ctx }) => ctx.deps.system),
});
