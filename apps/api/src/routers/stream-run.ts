import type { RunEvent, StreamEvent } from "@gantry/execution";
import type { JsonValue } from "@gantry/workflow";
import { type TrackedEnvelope, tracked } from "@trpc/server";
import type { RequestContext } from "../trpc/context.ts";
import { badInput, notFound } from "../trpc/failures.ts";
import { eventId, parseEventId, refusalEventId } from "./event-id.ts";
import { invalidStart } from "./invalid-start.ts";

interface StreamRequest {
  readonly workflowId: string;
  readonly input?: Record<string, JsonValue> | undefined;
  readonly maxCostMicros?: number | undefined;
  /** Added by the client when it reconnects. */
  readonly lastEventId?: string | null | undefined;
}

type Envelopes = AsyncGenerator<TrackedEnvelope<StreamEvent>, void, undefined>;

/**
 * Starts a run and tells what happens; its watcher may leave and come back, the run goes on. Whoever names the last
 * event that they saw gets what followed it, and never starts a second run.
 */
export async function* streamRun(
  ctx: RequestContext,
  request: StreamRequest,
  signal: AbortSignal | undefined,
): Envelopes {
  const { workflowId, input, maxCostMicros, lastEventId } = request;
  if (lastEventId !== undefined && lastEventId !== null) {
    yield* resume(ctx, lastEventId, signal ?? new AbortController().signal);
    return;
  }
  const outcome = await ctx.deps.execution.start({
    credential: ctx.credential,
    workflowId,
    input,
    maxCostMicros,
  });
  switch (outcome.kind) {
    case "admitted":
      yield* follow(outcome.run.runId, outcome.run.events(0));
      return;
    case "refused": {
      const { runId, decision, timings, refusal } = outcome;
      yield tracked(refusalEventId, { type: "refused", seq: 0, runId, decision, timings, refusal });
      return;
    }
    case "invalid_input":
    case "invalid_definition":
      throw invalidStart(outcome);
  }
}

async function* resume(ctx: RequestContext, lastEventId: string, signal: AbortSignal): Envelopes {
  if (lastEventId === refusalEventId) return;
  const seen = parseEventId(lastEventId);
  if (seen === null) {
    const message = "This is not the id of an event.";
    throw badInput(message, [{ path: ["lastEventId"], message }]);
  }
  const principal = await ctx.principal();
  if (principal === null) throw notFound("run");
  const { runId, seq } = seen;
  const watched = await ctx.deps.execution.watch({ principal, runId, fromSeq: seq + 1, signal });
  if (watched.kind === "not_found") throw notFound("run");
  yield* follow(runId, watched.events);
}

async function* follow(runId: string, events: AsyncIterable<RunEvent>): Envelopes {
  for await (const event of events) yield tracked(eventId(runId, event.seq), event);
}
