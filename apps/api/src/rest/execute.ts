import type { Execution, RefusedStart } from "@gantry/execution";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { apiKeyCredential } from "../http/credential.ts";
import { badInputError, errorBody } from "../http/public-error.ts";
import { invalidStartSentence } from "../routers/invalid-start.ts";
import { problemsOf } from "../trpc/format-failure.ts";
import { id, micros } from "../trpc/trpc.ts";
import { eventStream } from "./event-stream.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";
import { finishedRun } from "./rest-run.ts";

const params = z.strictObject({ workflowId: id });
/** Whether each input is right is for the workflow to say. */
const body = z.strictObject({
  input: z.looseObject({}).optional(),
  stream: z.boolean().optional(),
  maxCostMicros: micros.optional(),
});

/** POST /workflows/:workflowId/execute */
export function mountExecute(app: FastifyInstance, execution: Execution): void {
  app.post("/workflows/:workflowId/execute", async (request, reply) => {
    const parsed = z.object({ params, body }).safeParse({ params: request.params, body: request.body ?? {} });
    if (!parsed.success) {
      const problems = problemsOf(parsed.error).map(({ path: [, ...path], message }) => ({ path, message }));
      return answer(reply, badInputError("The request is not valid.", problems));
    }
    const { workflowId } = parsed.data.params;
    const { input, stream = false, maxCostMicros } = parsed.data.body;

    const credential = apiKeyCredential(request);
    const outcome = await execution.start({ credential, workflowId, input, maxCostMicros });
    switch (outcome.kind) {
      case "invalid_input":
      case "invalid_definition":
        reply.headers(rateLimitHeaders(outcome.rate));
        return answer(reply, badInputError(invalidStartSentence[outcome.kind], outcome.problems));
      case "refused":
        return answerRefusal(reply, outcome);
      case "admitted": {
        const { run } = outcome;
        reply.headers(rateLimitHeaders(run.rate));
        if (stream) return sendEvents(request, reply, run);
        return { data: finishedRun(run.runId, workflowId, await run.finished) };
      }
    }
  });
}

function answer(reply: FastifyReply, error: Parameters<typeof errorBody>[0] & { status: number }) {
  return reply.status(error.status).send(errorBody(error));
}

function answerRefusal(reply: FastifyReply, { refusal, rate, runId }: RefusedStart) {
  reply.headers(rateLimitHeaders(rate));
  if (refusal.retryAfterMs !== null) reply.header("retry-after", Math.ceil(refusal.retryAfterMs / 1_000));
  const { status, code, message, numbers, retryable, retryAfterMs } = refusal;
  const details = { ...numbers, retryable, retryAfterMs, ...(runId === null ? {} : { runId }) };
  return answer(reply, { status, code, message, details });
}

function sendEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  run: { readonly runId: string; readonly events: (fromSeq: number) => Parameters<typeof eventStream>[1] },
) {
  const events = eventStream(run.runId, run.events(0), (error) => {
    request.log.error({ err: error, runId: run.runId }, "a stream of events broke off");
  });
  return reply
    .headers({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    })
    .send(events);
}
