import { insertTenant, type Tenant } from "@gantry/db/testing";
import { TRPCClientError } from "@trpc/client";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestApi, type TestApi } from "../testing.ts";
import { readEvents } from "../testing-events.ts";

// A run's own bound, as people and programs set it.

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** A call that may cost about $0.0075 and costs some hundreds of micro-dollars. */
const oneCall = {
  schemaVersion: 1,
  variables: [],
  blocks: [
    { id: "s", name: "Start", type: "start", position: { x: 0, y: 0 }, inputs: [] },
    {
      id: "a",
      name: "Agent",
      type: "agent",
      position: { x: 0, y: 0 },
      provider: "anthropic",
      model: "claude-haiku-4-5",
      prompt: "[[say hi]]",
      maxTokens: 1_250,
    },
  ],
  edges: [{ id: "e", source: "s", sourceHandle: "out", target: "a" }],
};
beforeEach(async () => {
  tenant = await insertTenant(api.database.db, { definition: oneCall });
});

const client = () => api.client({ "x-api-key": tenant.apiKey });

async function overRest(body: unknown) {
  const response = await fetch(`${api.baseUrl}/api/v2/workflows/${tenant.workflowId}/execute`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": tenant.apiKey },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...JSON.parse(await response.text()) };
}

async function badInput(call: Promise<unknown>): Promise<{ path: unknown; message: string }[]> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCClientError)) throw new Error("It was not refused.");
  expect(error.data).toMatchObject({ httpStatus: 400, refusal: null });
  return error.data.problems;
}

async function runs(): Promise<number> {
  const rows = await api.database.sql`SELECT 1 FROM run_rows WHERE workflow_id = ${tenant.workflowId}`;
  return rows.length;
}

describe("a bound below the charge for starting a run is a 400 that names it", () => {
  const problem = { path: ["maxCostMicros"], message: expect.stringMatching(/at least \$0\.005\b.*5000/) };

  test("in execution.run, execution.explain and execution.stream", async () => {
    const { workflowId } = tenant;
    const request = { workflowId, maxCostMicros: 4_999 };
    expect(await badInput(client().execution.run.mutate(request))).toEqual([problem]);
    expect(await badInput(client().execution.explain.query(request))).toEqual([problem]);
    const input = encodeURIComponent(JSON.stringify(request));
    const { error } = await readEvents(`${api.baseUrl}/trpc/execution.stream?input=${input}`, {
      "x-api-key": tenant.apiKey,
    });
    expect(error).toMatchObject({ data: { httpStatus: 400, problems: [problem] } });
    expect(await runs()).toBe(0);
  });

  test("over REST", async () => {
    expect(await overRest({ maxCostMicros: 4_999 })).toMatchObject({
      status: 400,
      error: { code: "BAD_REQUEST", details: { problems: [problem] } },
    });
    expect(await runs()).toBe(0);
  });
});

test.each([[-1], [0.5], ["5000"], [1e300], [null]])(
  "a bound of %j is no number of micro-dollars",
  async (maxCostMicros) => {
    expect(await overRest({ maxCostMicros })).toMatchObject({
      status: 400,
      error: { details: { problems: [{ path: ["maxCostMicros"] }] } },
    });
    const run: Promise<unknown> = fetch(`${api.baseUrl}/trpc/execution.run`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": tenant.apiKey },
      body: JSON.stringify({ workflowId: tenant.workflowId, maxCostMicros }),
    }).then((response) => response.json());
    expect(await run).toMatchObject({
      error: { data: { httpStatus: 400, problems: [{ path: ["maxCostMicros"] }] } },
    });
    expect(await runs()).toBe(0);
  },
);

describe("a bound that is too small for a call", () => {
  test("fails the call with its numbers, the same in the answer, over REST and in the run's page", async () => {
    const { workflowId } = tenant;
    const answer = await client().execution.run.mutate({ workflowId, maxCostMicros: 9_000 });
    const message = /may cost up to \$0\.007\d+, and \$0\.004 is left of the run's own limit of \$0\.009\./;
    expect(answer).toMatchObject({
      status: "failed",
      costMicros: 5_000,
      error: { code: "RUN_COST_LIMIT", blockId: "a", message: expect.stringMatching(message) },
    });
    const { runId } = answer;
    expect((await client().execution.get.query({ runId })).error).toEqual(answer.error);
    expect((await overRest({ maxCostMicros: 9_000 })).data).toMatchObject({
      status: "failed",
      error: answer.error,
    });
  });

  test("is no bound for a run whose calls fit", async () => {
    const { workflowId } = tenant;
    const maxCostMicros = 13_000;
    const answer = await client().execution.run.mutate({ workflowId, maxCostMicros });
    expect(answer).toMatchObject({ status: "completed", error: null });
    expect(answer.costMicros).toBeGreaterThan(5_000);
    expect(answer.costMicros).toBeLessThanOrEqual(maxCostMicros);
    expect((await overRest({ maxCostMicros })).data).toMatchObject({ status: "completed" });
  });
});
