import {
  createWorkspace,
  listMembers,
  listWorkspaces,
  removePermission,
  setPermission,
} from "@gantry/authoring";
import { z } from "zod";
import { badInput, denied } from "../trpc/failures.ts";
import { id, name, procedure, router } from "../trpc/trpc.ts";

const level = z.enum(["admin", "write", "read"]);

export const workspaceRouter = router({
  list: procedure.query(({ ctx }) => listWorkspaces(ctx.deps.authoring, ctx.who)),

  create: procedure
    .input(z.strictObject({ name, organizationId: id.optional() }))
    .mutation(async ({ ctx, input }) => {
      const result = await createWorkspace(ctx.deps.authoring, ctx.who, input);
      switch (result.kind) {
        case "ok":
          return { id: result.id };
        case "not_found":
        case "forbidden":
          throw denied(result.kind, "organization", "make a workspace that this organization pays for");
      }
    }),

  members: procedure.input(z.strictObject({ workspaceId: id })).query(async ({ ctx, input }) => {
    const result = await listMembers(ctx.deps.authoring, ctx.who, input.workspaceId);
    switch (result.kind) {
      case "ok":
        return result.members;
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "workspace", "see who is in this workspace");
    }
  }),

  setPermission: procedure
    .input(z.strictObject({ workspaceId: id, email: z.email().max(320), level }))
    .mutation(async ({ ctx, input }) => {
      const result = await setPermission(ctx.deps.authoring, ctx.who, input);
      switch (result.kind) {
        case "ok":
          return {};
        case "unknown_person":
          throw badInput("Nobody with this address has an account.", [
            { path: ["email"], message: "Nobody with this address has an account." },
          ]);
        case "last_admin":
          throw badInput(lastAdmin, [{ path: ["level"], message: lastAdmin }]);
        case "not_found":
        case "forbidden":
          throw denied(result.kind, "workspace", changePermissions);
      }
    }),

  removePermission: procedure
    .input(z.strictObject({ workspaceId: id, userId: id }))
    .mutation(async ({ ctx, input }) => {
      const result = await removePermission(ctx.deps.authoring, ctx.who, input);
      switch (result.kind) {
        case "ok":
          return {};
        case "last_admin":
          throw badInput(lastAdmin, [{ path: ["userId"], message: lastAdmin }]);
        case "not_found":
        case "forbidden":
          throw denied(result.kind, "workspace", changePermissions);
      }
    }),
});

const lastAdmin = "A workspace keeps at least one admin. Make somebody else an admin first.";
const changePermissions = "change who is in this workspace";
