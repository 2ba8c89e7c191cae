import { router } from "../trpc/trpc.ts";
import { apiKeyRouter } from "./api-key.ts";
import { deploymentRouter } from "./deployment.ts";
import { environmentRouter } from "./environment.ts";
import { executionRouter } from "./execution.ts";
import { providerKeyRouter } from "./provider-key.ts";
import { systemRouter } from "./system.ts";
import { usageRouter } from "./usage.ts";
import { workflowRouter } from "./workflow.ts";
import { workspaceRouter } from "./workspace.ts";

/** Everything that can be called over tRPC. */
export const appRouter = router({
  system: systemRouter,
  workspace: workspaceRouter,
  workflow: workflowRouter,
  deployment: deploymentRouter,
  apiKey: apiKeyRouter,
  environment: environmentRouter,
  providerKey: providerKeyRouter,
  usage: usageRouter,
  execution: executionRouter,
});

export type AppRouter = typeof appRouter;
