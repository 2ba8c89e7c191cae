import { payers, runs } from "@gantry/db";
import { insertTenant, type Tenant } from "@gantry/db/testing";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signUp, startTestApi, type TestApi } from "../testing.ts";
import { readEvents } from "../testing-events.ts";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

async function freshTenant(definition?: unknown) {
  tenant = await insertTenant(api.database.db, definition === undefined ? {} : { definition });
  return { tenant, client: api.client({ "x-api-key": tenant.apiKey }) };
}

function streamUrl(input: unknown): string {
  return `${api.baseUrl}/trpc/execution.stream?input=${encodeURIComponent(JSON.stringify(input))}`;
}

/** A block that takes its time, so that a run can be seen, cancelled or left. */
const slow = {
  schemaVersion: 1,
  variables: [],
  blocks: [
    { id: "start", name: "Start", type: "start", position: { x: 0, y: 0 }, inputs: [] },
    {
      id: "agent",
      name: "Agent",
      type: "agent",
      position: { x: 0, y: 0 },
      provider: "anthropic",
      model: "claude-haiku-4-5",
      prompt: "Say something long. [[tokens 400]] [[pace 50]]",
      maxTokens: 1_000,
    },
  ],
  edges: [{ id: "e", source: "start", sourceHandle: "out", target: "agent" }],
};

describe("execution.run", () => {
  test("an API key runs the active version and gets output, decision, timings and cost", async () => {
    const { client, tenant } = await freshTenant();
    const run = await client.execution.run.mutate({
      workflowId: tenant.workflowId,
      input: { message: "hi" },
    });
    expect(run).toMatchObject({
      workflowId: tenant.workflowId,
      status: "completed",
      output: { message: "hi" },
      error: null,
      costMicros: 5_000,
      timings: { definition: "miss" },
    });
    expect(run.decision.map(({ verdict }) => verdict)).not.toContain("refuse");
    const stored = await client.execution.get.query({ runId: run.runId });
    expect(stored).toMatchObject({
      profile: "api",
      status: "completed",
      version: { id: tenant.versionId, number: 1 },
      input: { message: "hi" },
      output: { message: "hi" },
      charges: [{ kind: "base", amountMicros: 5_000 }],
    });
    expect(stored.decision).toEqual(run.decision);
  });

  test("a session runs the draft, a key needs a deployed version", async () => {
    const session = api.client(await signUp(api));
    const [workspace] = await session.workspace.list.query();
    const workspaceId = workspace?.id ?? "";
    const { id: workflowId } = await session.workflow.create.mutate({ workspaceId, name: "Draft" });
    expect(await session.execution.run.mutate({ workflowId })).toMatchObject({ status: "completed" });
    const { secret } = await session.apiKey.create.mutate({ workspaceId, name: "Key" });
    await expect(
      api.client({ "x-api-key": secret }).execution.run.mutate({ workflowId }),
    ).rejects.toMatchObject({
      data: {
        code: "FORBIDDEN",
        httpStatus: 403,
        refusal: { code: "WORKFLOW_NOT_DEPLOYED", retryable: false },
        runId: expect.any(String),
      },
    });
  });

  test("a refusal carries its numbers and the whole decision, and is kept as a run", async () => {
    const { client, tenant } = await freshTenant();
    await api.database.db.update(payers).set({ usageLimitMicros: 0 }).where(eq(payers.id, tenant.payerId));
    const error = await client.execution.run
      .mutate({ workflowId: tenant.workflowId })
      .catch((thrown) => thrown);
    expect(error).toMatchObject({
      data: { code: "PAYMENT_REQUIRED", httpStatus: 402, refusal: { code: "USAGE_LIMIT_EXCEEDED" } },
    });
    expect(error.data.decision).toHaveLength(10);
    await expect
      .poll(() => client.execution.list.query({ workspaceId: tenant.workspaceId, status: ["refused"] }))
      .toMatchObject({ items: [{ id: error.data.runId, refusalCode: "USAGE_LIMIT_EXCEEDED" }] });
  });

  test("somebody else's workflow does not exist, and nobody is told more", async () => {
    const { tenant } = await freshTenant();
    const { client: stranger } = await freshTenant();
    await expect(stranger.execution.run.mutate({ workflowId: tenant.workflowId })).rejects.toMatchObject({
      data: { httpStatus: 404, refusal: { code: "WORKFLOW_NOT_FOUND" }, runId: null },
    });
    await expect(
      api.client({}).execution.run.mutate({ workflowId: tenant.workflowId }),
    ).rejects.toMatchObject({ data: { httpStatus: 401, refusal: { code: "UNAUTHENTICATED" } } });
  });

  test("input that does not fit is 400 with every problem, and nothing is spent", async () => {
    const { client, tenant } = await freshTenant();
    const input = { message: 7, extra: true };
    await expect(client.execution.run.mutate({ workflowId: tenant.workflowId, input })).rejects.toMatchObject(
      {
        data: { httpStatus: 400, problems: [{ path: ["extra"] }, { path: ["message"] }] },
      },
    );
    const spent = await api.database.db.select().from(runs).where(eq(runs.workflowId, tenant.workflowId));
    expect(spent).toEqual([]);
  });
});

describe("execution.explain", () => {
  test("tells what a run would be told, and writes nothing", async () => {
    const { client, tenant } = await freshTenant();
    const explained = await client.execution.explain.query({ workflowId: tenant.workflowId });
    expect(explained.refusal).toBeNull();
    expect(explained.decision).toHaveLength(10);
    const stored = await api.database.db.select().from(runs).where(eq(runs.workflowId, tenant.workflowId));
    expect(stored).toEqual([]);
  });
});

describe("execution.stream", () => {
  test("tells the admission, what the engine does, and the settlement, in sequence", async () => {
    const { tenant } = await freshTenant();
    const { events } = await readEvents(streamUrl({ workflowId: tenant.workflowId }), {
      "x-api-key": tenant.apiKey,
    });
    expect(events.map(({ data }) => data.type)).toEqual([
      "admitted",
      "run.started",
      "block.started",
      "block.completed",
      "block.started",
      "block.completed",
      "run.completed",
      "settled",
    ]);
    expect(events.map(({ data }) => data.seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(events.at(-1)?.data).toMatchObject({ status: "completed", costMicros: 5_000 });
  });

  test("a watcher who comes back gets what followed; the run went on and no second one was started", async () => {
    const { client, tenant } = await freshTenant(slow);
    const input = { workflowId: tenant.workflowId };
    const headers = { "x-api-key": tenant.apiKey };
    const first = await readEvents(streamUrl(input), headers, { leaveAfter: 8 });
    const lastEventId = first.events.at(-1)?.id ?? "";
    const second = await readEvents(streamUrl({ ...input, lastEventId }), headers, { leaveAfter: 3 });
    const seqs = [...first.events, ...second.events].map(({ data }) => data.seq);
    expect(seqs).toEqual(seqs.map((_, index) => index));
    const { items } = await client.execution.list.query({ workspaceId: tenant.workspaceId });
    expect(items).toHaveLength(1);
    const runId = items[0]?.id ?? "";
    expect(await client.execution.cancel.mutate({ runId })).toEqual({ status: "cancelling" });
    await expect.poll(() => client.execution.get.query({ runId })).toMatchObject({ status: "cancelled" });
    expect(await client.execution.cancel.mutate({ runId })).toEqual({ status: "already_ended" });
  });

  test("a stranger cannot watch, read or cancel a run", async () => {
    const { client, tenant } = await freshTenant();
    const { runId } = await client.execution.run.mutate({ workflowId: tenant.workflowId });
    const { client: stranger, tenant: other } = await freshTenant();
    await expect(stranger.execution.get.query({ runId })).rejects.toMatchObject({
      data: { httpStatus: 404 },
    });
    await expect(stranger.execution.cancel.mutate({ runId })).rejects.toMatchObject({
      data: { httpStatus: 404 },
    });
    const input = { workflowId: tenant.workflowId, lastEventId: `${runId}:0` };
    const watched = await readEvents(streamUrl(input), { "x-api-key": other.apiKey });
    expect(watched.events).toEqual([]);
    expect(watched.error).toMatchObject({ data: { httpStatus: 404 } });
  });

  test("a refusal is one event, and coming back after it starts nothing", async () => {
    const { client, tenant } = await freshTenant();
    await client.deployment.undeploy.mutate({ workflowId: tenant.workflowId });
    const input = { workflowId: tenant.workflowId };
    const headers = { "x-api-key": tenant.apiKey };
    const { events } = await readEvents(streamUrl(input), headers);
    expect(events).toMatchObject([{ data: { type: "refused", refusal: { code: "WORKFLOW_NOT_DEPLOYED" } } }]);
    const again = await readEvents(streamUrl({ ...input, lastEventId: events[0]?.id }), headers);
    expect(again).toEqual({ events: [], error: null });
  });

  test("another site cannot start a run through an EventSource", async () => {
    const { cookie } = await signUp(api);
    const foreign = await readEvents(streamUrl({ workflowId: "any" }), {
      cookie,
      "sec-fetch-site": "cross-site",
    });
    expect(foreign.error).toMatchObject({ data: { httpStatus: 403, refusal: null } });
  });

  test("an id that is no event's is bad input", async () => {
    const { tenant } = await freshTenant();
    const input = { workflowId: tenant.workflowId, lastEventId: "nonsense" };
    const { error } = await readEvents(streamUrl(input), { "x-api-key": tenant.apiKey });
    expect(error).toMatchObject({ data: { httpStatus: 400, problems: [{ path: ["lastEventId"] }] } });
  });
});

describe("execution.list", () => {
  test("pages by cursor, newest first, without gaps or repeats", async () => {
    const { client, tenant } = await freshTenant();
    const started: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      started.push((await client.execution.run.mutate({ workflowId: tenant.workflowId })).runId);
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof client.execution.list.query>> = await client.execution.list.query(
        {
          workspaceId: tenant.workspaceId,
          limit: 2,
          cursor,
        },
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(started.toReversed());
  });
});
