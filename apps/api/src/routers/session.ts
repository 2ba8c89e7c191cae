import { isAdmin } from "@gantry/operations";
import { procedure, router } from "../trpc/trpc.ts";

export const sessionRouter = router({
  /** What the caller is to the installation; for the web app to show the way to what they may do. */
  me: procedure.query(async ({ ctx }) => ({ isAdmin: await isAdmin(ctx.deps.operations, ctx.who) })),
});
