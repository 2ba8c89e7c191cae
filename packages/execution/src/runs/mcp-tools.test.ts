import { randomBytes } from "node:crypto";
import { defaultBilling, defaultPlans } from "@gantry/billing";
import { insertEnvironmentValue, insertTenant, insertWorkflow, type Tenant } from "@gantry/db/testing";
import { createGuard, createGuardedFetch, trusting } from "@gantry/egress";
import { createMcpServers } from "@gantry/mcp";
import { sealContext } from "@gantry/secrets";
import type { AgentTool } from "@gantry/workflow";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { agent, definitionOf, fnTool, start, workflowTool } from "../engine/testing/plans.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { startMcpServer, type TestMcpServer } from "../testing/mcp-server.ts";
import { readMoney } from "../testing/money.ts";
import { until } from "../testing/until.ts";
import type { Execution } from "./execution.ts";
import type { StreamEvent } from "./stream-event.ts";

// Agents with real MCP servers, one at an address over HTTPS and one as the operator's process, from admission to the ledger.

const token = `token-${randomBytes(12).toString("hex")}`;
const model = "claude-haiku-4-5";

/** A process that says what it is told, and what it was given to know. */
const script = /* js */ `
  const parameters = { type: "object", properties: { said: { type: "string" } } };
  const results = {
    initialize: () => ({ protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "p", version: "1" } }),
    "tools/list": () => ({ tools: [{ name: "files", description: "Reads files", inputSchema: parameters }] }),
    "tools/call": ({ arguments: args }) => ({ content: [{ type: "text", text: process.env.LISTED + JSON.stringify(args) }] }),
  };
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, result: results[method](params) }));
  });`;

let harness: Harness;
let server: TestMcpServer;
let closeMcp: () => Promise<void>;
let hasty: Execution;
let execution: Execution;
let tenant: Tenant;
const warnings: Error[] = [];
const onWarning = (warning: Error) => void warnings.push(warning);
beforeAll(async () => {
  process.on("warning", onWarning);
  harness = await startHarness();
  server = await startMcpServer();
  const users = createGuardedFetch({
    guard: createGuard({ policy: { allow: ["127.0.0.1"], requireHttps: true } }),
    trust: trusting([server.ca]),
    firstByteTimeoutMs: 60_000,
    betweenBytesTimeoutMs: 60_000,
    responseBytesMax: 10_000_000,
  });
  const mcp = createMcpServers({
    operatorServers: {
      own: { command: process.execPath, args: ["-e", script], env: { LISTED: "the operator's " } },
    },
    userFetch: users.fetch,
    operatorFetch: fetch,
    openTimeoutMs: 15_000,
    callTimeoutMs: 60_000,
  });
  closeMcp = async () => {
    await mcp.close();
    await users.close();
  };
  execution = harness.another({ mcp });
  const free = { ...defaultPlans.free, syncDeadlineMs: 1_000 };
  hasty = harness.another({ mcp, billing: { ...defaultBilling, plans: { ...defaultPlans, free } } });
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await closeMcp();
  await server[Symbol.asyncDispose]();
  process.off("warning", onWarning);
});
beforeEach(async () => {
  const { db } = harness.database;
  tenant = await insertTenant(db);
  const { workspaceId } = tenant;
  const sealed = harness.keyring.seal(token, sealContext.workspaceValue(workspaceId, "TOKEN"));
  await insertEnvironmentValue(db, { workspaceId, name: "TOKEN", sealed });
});
const atAddress = (url = `${server.url}/mcp?key={{TOKEN}}`): AgentTool => ({
  type: "mcp",
  server: { kind: "http", url, headers: { authorization: "Bearer {{TOKEN}}" } },
});
const ofOperator: AgentTool = { type: "mcp", server: { kind: "operator", name: "own" } };

async function insert(prompt: string, tools: AgentTool[]): Promise<string> {
  const { workspaceId, userId: ownerId } = tenant;
  const definition = definitionOf(
    [start(), agent("A", prompt, { model, tools, maxTokens: 4_000 })],
    ["Start -> A"],
  );
  return (await insertWorkflow(harness.database.db, { workspaceId, ownerId, definition })).id;
}

async function begin(workflowId: string, by = execution) {
  const outcome = await by.start({ credential: withKey(tenant.apiKey), workflowId, input: {} });
  if (outcome.kind !== "admitted") throw new Error(`not admitted: ${JSON.stringify(outcome)}`);
  return outcome.run;
}

async function whole(run: Awaited<ReturnType<typeof begin>>) {
  const events: StreamEvent[] = [];
  for await (const event of run.events(0)) events.push(event);
  const finished = await run.finished;
  expect(harness.told).toEqual([]);
  expect(warnings).toEqual([]);
  return { events, finished };
}

async function ledgerKeys(runId: string): Promise<readonly string[]> {
  const rows = await harness.database.sql<{ key: string }[]>`
    SELECT substr(event_key, ${runId.length + 2}::int) AS key FROM ledger_entries
     WHERE run_id = ${runId} ORDER BY event_key COLLATE "C"`;
  return rows.map(({ key }) => key);
}

describe("an agent", () => {
  test("calls tools of a server at an address and of the operator's process in one round, and no secret is told", async () => {
    const prompt = "[[tool headers files echo]]";
    const run = await begin(await insert(prompt, [atAddress(), ofOperator]));
    const { events, finished } = await whole(run);
    expect(finished).toMatchObject({
      status: "completed",
      output: {
        A: {
          rounds: 2,
          toolCalls: [
            { name: "headers", isError: false, result: expect.stringContaining("Bearer {{TOKEN}}") },
            { name: "files", isError: false, result: expect.stringMatching(/^the operator's \{/) },
            { name: "echo", isError: false },
          ],
        },
      },
    });
    expect(JSON.stringify([events, finished])).not.toContain(token);
    const { sql } = harness.database;
    const stored =
      await sql`SELECT r.*, s.* FROM runs r JOIN block_spans s ON s.run_id = r.id WHERE r.id = ${run.runId}`;
    expect(JSON.stringify(stored)).not.toContain(token);
    expect(await ledgerKeys(run.runId)).toEqual(["base", "model:A:1", "model:A:2"]);
    await until(() => server.calls.every(({ left }) => !left));
  });

  test("is told a server's error without the secret in it", async () => {
    const { events, finished } = await whole(await begin(await insert("[[tool fail]]", [atAddress()])));
    const result = expect.stringContaining("Bearer {{TOKEN}}");
    expect(finished).toMatchObject({ output: { A: { toolCalls: [{ isError: true, result }] } } });
    expect(JSON.stringify([events, finished])).not.toContain(token);
  });

  test.each([
    ["plain http", "http://10.0.0.1/mcp"],
    ["a private address", "https://10.0.0.1/mcp?key={{TOKEN}}"],
    ["the cloud's metadata", "https://169.254.169.254/{{TOKEN}}"],
  ])("whose server is at %s fails before a model is asked, and is charged no call", async (_what, url) => {
    harness.models.reset();
    const run = await begin(await insert("[[tool]]", [atAddress(url)]));
    const { events, finished } = await whole(run);
    expect(finished).toMatchObject({ status: "failed", error: { code: "ADDRESS_REFUSED", blockId: "A" } });
    expect(JSON.stringify([events, finished])).not.toContain(token);
    expect(harness.models.stats().requests).toBe(0);
    expect(await ledgerKeys(run.runId)).toEqual(["base"]);
  });

  test("may call 64 tools of all kinds in one round", async () => {
    const child = await insert(
      "[[tool files files files files files files files files files files files files]]",
      [ofOperator],
    );
    const calls = Array.from({ length: 16 }, () => "echo files fn child").join(" ");
    const tools = [atAddress(), ofOperator, fnTool("fn", "return 1"), workflowTool("child", child)];
    const { finished } = await whole(await begin(await insert(`[[tool ${calls}]]`, tools)));
    expect(finished).toMatchObject({ status: "completed", output: { A: { rounds: 2 } } });
    expect(JSON.stringify(finished.output).match(/"isError":true/g)).toBeNull();
  }, 60_000);
});

describe("a tool that never answers", () => {
  test("ends with a cancelled run: the server is left, the socket is closed and the round before stays charged", async () => {
    const workflowId = await insert("[[tool hang hang]]", [atAddress(), ofOperator]);
    const run = await begin(workflowId);
    const hanging = () => server.calls.filter(({ name, left }) => name === "hang" && !left).length;
    await until(() => hanging() === 2);
    const principal = { userId: tenant.userId, apiKeyId: null, workspaceId: null };
    expect(await execution.cancel({ principal, runId: run.runId })).toEqual({ kind: "cancelling" });
    const { finished } = await whole(run);
    expect(finished).toMatchObject({ status: "cancelled" });
    await until(() => hanging() === 0);
    expect(await ledgerKeys(run.runId)).toEqual(["base", "model:A:1"]);
    expect(await readMoney(harness.database, tenant.payerId)).toMatchObject({
      settledMicros: finished.costMicros,
      heldMicros: 0,
    });
  });

  test("ends with the run's deadline, long before its own time is up", async () => {
    const run = await begin(await insert("[[tool hang]]", [atAddress()]), hasty);
    const { finished } = await whole(run);
    expect(finished).toMatchObject({ status: "failed", error: { code: "DEADLINE_EXCEEDED" } });
    expect(finished.durationMs).toBeLessThan(20_000);
    expect(await ledgerKeys(run.runId)).toEqual(["base", "model:A:1"]);
    expect((await readMoney(harness.database, tenant.payerId)).heldMicros).toBe(0);
  });
});
