import { runStatuses } from "@gantry/db";
import type { FinishedRun, LiveRun } from "@gantry/execution";
import type { JsonValue } from "@gantry/workflow";
import { z } from "zod";
import { denied, notFound, refused } from "../trpc/failures.ts";
import { id, micros, openProcedure, procedure, router } from "../trpc/trpc.ts";
import { invalidStart } from "./invalid-start.ts";
import { streamRun } from "./stream-run.ts";

/** Whether each input is right is for the workflow to say. */
const runInput = z.custom<Record<string, JsonValue>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "must be an object with a key for each input",
);
const start = z.strictObject({
  workflowId: id,
  input: runInput.optional(),
  maxCostMicros: micros.optional(),
});

/** A run that was admitted and has ended, well or not. */
export interface RunAnswer
  extends FinishedRun,
    Pick<LiveRun, "runId" | "workflowId" | "decision" | "timings"> {}

export const executionRouter = router({
  // `run`, `stream` and `explain` hand the credential on: preflight reads and judges it together with everything else.

  run: openProcedure.input(start).mutation(async ({ ctx, input }): Promise<RunAnswer> => {
    const { workflowId } = input;
    const outcome = await ctx.deps.execution.start({
      ...input,
      input: input.input,
      credential: ctx.credential,
    });
    switch (outcome.kind) {
      case "admitted": {
        const { runId, decision, timings, finished } = outcome.run;
        return { runId, workflowId, decision, timings, ...(await finished) };
      }
      case "refused":
        throw refused(outcome);
      case "invalid_input":
      case "invalid_definition":
        throw invalidStart(outcome);
    }
  }),

  stream: openProcedure
    .input(start.extend({ lastEventId: z.string().max(300).nullish() }))
    .subscription(({ ctx, input, signal }) => streamRun(ctx, input, signal)),

  explain: openProcedure.input(start).query(async ({ ctx, input }) => {
    const outcome = await ctx.deps.execution.explain({
      ...input,
      input: input.input,
      credential: ctx.credential,
    });
    switch (outcome.kind) {
      case "explained": {
        const { decision, refusal, timings, couldStart } = outcome;
        return { decision, refusal, timings, couldStart };
      }
      case "invalid_input":
      case "invalid_definition":
        throw invalidStart(outcome);
    }
  }),

  cancel: procedure.input(z.strictObject({ runId: id })).mutation(async ({ ctx, input }) => {
    const result = await ctx.deps.execution.cancel({ principal: ctx.who, runId: input.runId });
    switch (result.kind) {
      case "cancelling":
      case "already_ended":
        return { status: result.kind };
      case "not_found":
      case "forbidden":
        throw denied(result.kind, "run", "cancel this run");
    }
  }),

  get: procedure.input(z.strictObject({ runId: id })).query(async ({ ctx, input }) => {
    const run = await ctx.deps.execution.get({ principal: ctx.who, runId: input.runId });
    if (run === null) throw notFound("run");
    return run;
  }),

  list: procedure
    .input(
      z.strictObject({
        workspaceId: id,
        workflowId: id.optional(),
        status: z.array(z.enum(runStatuses)).max(runStatuses.length).default([]),
        cursor: id.nullish(),
        limit: z.int().min(1).max(100).default(25),
      }),
    )
    .query(async ({ ctx, input }) => {
      const { workflowId = null, cursor = null, ...rest } = input;
      const page = await ctx.deps.execution.list({ principal: ctx.who, ...rest, workflowId, cursor });
      if (page === null) throw notFound("workspace");
      return page;
    }),
});
