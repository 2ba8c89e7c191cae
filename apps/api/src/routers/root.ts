import { router } from "../trpc/trpc.ts";
import { adminRouter } from "./admin.ts";
import { apiKeyRouter } from "./api-key.ts";
import { billingRouter } from "./billing.ts";
import { deploymentRouter } from "./deployment.ts";
import { environmentRouter } from "./environment.ts";
import { executionRouter } from "./execution.ts";
import { providerKeyRouter } from "./provider-key.ts";
import { sessionRouter } from "./session.ts";
import { systemRouter } from "./system.ts";
import { usageRouter } from "./usage.ts";
import { workflowRouter } from "./workflow.ts";
import { workspaceRouter } from "./workspace.ts";

/** Everything that can be called over tRPC. */
export const appRouter = router({
  system: systemRouter,
  session: sessionRouter,
  workspace: workspaceRouter,
  workflow: workflowRouter,
  deployment: deploymentRouter,
  apiKey: apiKeyRouter,
  environment: environmentRouter,
  providerKey: providerKeyRouter,
  usage: usageRouter,
  billing: billingRouter,
  execution: executionRouter,
  admin: adminRouter,
});

export type AppRouter = typeof appRouter;
