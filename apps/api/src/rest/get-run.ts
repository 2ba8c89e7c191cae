import type { Credential, Execution, Principal, RateNumbers } from "@gantry/execution";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { apiKeyCredential } from "../http/credential.ts";
import { errorBody, notFoundError } from "../http/public-error.ts";
import { id } from "../trpc/trpc.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";
import { storedRun } from "./rest-run.ts";

const params = z.object({ workflowId: id, runId: id });

/** GET /workflows/:workflowId/runs/:runId */
export function mountGetRun(
  app: FastifyInstance,
  execution: Execution,
  readPrincipal: (credential: Credential) => Promise<Principal | null>,
): void {
  const path = "/workflows/:workflowId/runs/:runId";
  app.get(path, async (request, reply) => {
    const principal = await readPrincipal(apiKeyCredential(request));
    if (principal === null) {
      const message = "Send a valid API key in the X-API-Key header.";
      return reply
        .status(401)
        .send(errorBody({ status: 401, code: "UNAUTHENTICATED", message, details: {} }));
    }
    reply.headers(rateLimitHeaders(await rateOf(execution, principal)));
    const parsed = params.safeParse(request.params);
    const run = parsed.success ? await execution.get({ principal, runId: parsed.data.runId }) : null;
    if (run === null || run.workflowId !== parsed.data?.workflowId) {
      return reply.status(404).send(errorBody(notFoundError("There is no such run of this workflow.")));
    }
    return { data: storedRun(run) };
  });
}

/** Null also where it cannot be said now: a run can be read all the same. */
async function rateOf(execution: Execution, principal: Principal): Promise<RateNumbers | null> {
  const { workspaceId } = principal;
  if (workspaceId === null) return null;
  try {
    const usage = await execution.usage({ principal, workspaceId });
    return usage === null || usage.rate === null ? null : { counter: "sync", ...usage.rate.sync };
  } catch {
    return null;
  }
}
