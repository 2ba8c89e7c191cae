import { activate, deploy, getDeployment, listDeployments, listRunCosts, undeploy } from "@gantry/authoring";
import { z } from "zod";
import { badInput, denied } from "../trpc/failures.ts";
import { id, longText, procedure, router } from "../trpc/trpc.ts";

const ofVersion = z.strictObject({ workflowId: id, versionId: id });

export const deploymentRouter = router({
  list: procedure.input(z.strictObject({ workflowId: id })).query(async ({ ctx, input }) => {
    const result = await listDeployments(ctx.deps.authoring, ctx.who, input.workflowId);
    switch (result.kind) {
      case "ok":
        return result.deployments;
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "workflow", "see the versions of this workflow");
    }
  }),

  /** What one run can cost: of the draft, and of each version. */
  costs: procedure.input(z.strictObject({ workflowId: id })).query(async ({ ctx, input }) => {
    const { authoring, execution } = ctx.deps;
    const result = await listRunCosts({ ...authoring, bound: execution.bound }, ctx.who, input.workflowId);
    switch (result.kind) {
      case "ok":
        return result.costs;
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "workflow", "see the versions of this workflow");
    }
  }),

  get: procedure.input(ofVersion).query(async ({ ctx, input }) => {
    const result = await getDeployment(ctx.deps.authoring, ctx.who, input);
    switch (result.kind) {
      case "ok":
        return result.deployment;
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "version", "see this version");
    }
  }),

  deploy: procedure
    .input(z.strictObject({ workflowId: id, note: longText(500).optional() }))
    .mutation(async ({ ctx, input }) => {
      const result = await deploy(ctx.deps.authoring, ctx.who, input);
      switch (result.kind) {
        case "ok":
          return { versionId: result.versionId, number: result.number };
        case "invalid_definition":
          throw badInput("The draft has problems, so it cannot be deployed.", result.problems);
        case "not_found":
        case "forbidden":
          throw denied(result.kind, "workflow", "deploy this workflow");
      }
    }),

  activate: procedure.input(ofVersion).mutation(async ({ ctx, input }) => {
    const result = await activate(ctx.deps.authoring, ctx.who, input);
    switch (result.kind) {
      case "ok":
        return { number: result.number };
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "version", "deploy this workflow");
    }
  }),

  undeploy: procedure.input(z.strictObject({ workflowId: id })).mutation(async ({ ctx, input }) => {
    const result = await undeploy(ctx.deps.authoring, ctx.who, input.workflowId);
    switch (result.kind) {
      case "ok":
        return {};
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "workflow", "undeploy this workflow");
    }
  }),
});
