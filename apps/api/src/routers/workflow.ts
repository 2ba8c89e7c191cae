import { archiveWorkflow, createWorkflow, getWorkflow, listWorkflows, saveDraft } from "@gantry/authoring";
import { validate } from "@gantry/workflow";
import { z } from "zod";
import { badInput, conflict, denied } from "../trpc/failures.ts";
import { id, longText, name, procedure, router } from "../trpc/trpc.ts";

const description = longText(2_000);

export const workflowRouter = router({
  list: procedure.input(z.strictObject({ workspaceId: id })).query(async ({ ctx, input }) => {
    const result = await listWorkflows(ctx.deps.authoring, ctx.who, input.workspaceId);
    switch (result.kind) {
      case "ok":
        return result.workflows;
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "workspace", "see the workflows of this workspace");
    }
  }),

  get: procedure.input(z.strictObject({ workflowId: id })).query(async ({ ctx, input }) => {
    const result = await getWorkflow(ctx.deps.authoring, ctx.who, input.workflowId);
    switch (result.kind) {
      case "ok":
        return result.workflow;
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "workflow", "see this workflow");
    }
  }),

  create: procedure
    .input(
      z.strictObject({
        workspaceId: id,
        name,
        description: description.optional(),
        definition: z.unknown().optional(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const result = await createWorkflow(ctx.deps.authoring, ctx.who, input);
      switch (result.kind) {
        case "ok":
          return { id: result.id };
        case "invalid_draft":
          throw badInput(notADraft, result.problems);
        case "not_found":
        case "forbidden":
          throw denied(result.kind, "workspace", "create workflows in this workspace");
      }
    }),

  saveDraft: procedure
    .input(
      z.strictObject({
        workflowId: id,
        baseRevision: z.int().min(1).max(2_147_483_646),
        definition: z.unknown(),
        name: name.optional(),
        description: description.optional(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const result = await saveDraft(ctx.deps.authoring, ctx.who, input);
      switch (result.kind) {
        case "ok":
          return { revision: result.revision, problems: result.problems };
        case "conflict":
          throw conflict("Somebody saved this draft since you opened it.", result.currentRevision);
        case "invalid_draft":
          throw badInput(notADraft, result.problems);
        case "not_found":
        case "forbidden":
          throw denied(result.kind, "workflow", "change this workflow");
      }
    }),

  // A mutation, because a definition is too long for an address.
  validate: procedure
    .input(z.strictObject({ definition: z.unknown() }))
    .mutation(({ input }) => ({ problems: validate(input.definition) })),

  archive: procedure.input(z.strictObject({ workflowId: id })).mutation(async ({ ctx, input }) => {
    const result = await archiveWorkflow(ctx.deps.authoring, ctx.who, input.workflowId);
    switch (result.kind) {
      case "ok":
        return {};
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "workflow", "archive this workflow");
    }
  }),
});

const notADraft = "This cannot be saved as a draft.";
