import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { insertTenant, insertWorkflow, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestApi, type TestApi } from "../testing.ts";
import { readEvents } from "../testing-events.ts";

// What an operator sets up and a caller sees of agents with tools, over HTTP.

/** A process that tells what it was given: by the operator, and of this process's own environment. */
const script = /* js */ `
  const inputSchema = { type: "object", properties: { said: { type: "string" } } };
  const results = {
    initialize: () => ({ protocolVersion: "2025-06-18", capabilities: { tools: {} }, serverInfo: { name: "p", version: "1" } }),
    "tools/list": () => ({ tools: [{ name: "files", inputSchema }, { name: "hang", inputSchema }] }),
    "tools/call": ({ name }) => name === "files" && { content: [{ type: "text", text: String(process.env.LISTED) + process.env.VITEST }] },
  };
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    const result = id !== undefined && results[method](params);
    if (result) console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  });`;

let folder: string;
let api: TestApi;
let tenant: Tenant;
let neighbour: Server;
let neighbourUrl: string;
let asked = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gantry-tools-"));
  const servers = join(folder, "servers.json");
  const command = { command: process.execPath, args: ["-e", script], env: { LISTED: "listed " } };
  await writeFile(servers, JSON.stringify({ own: command }));
  api = await startTestApi({ environment: { MCP_SERVERS: servers } });
  neighbour = createServer((_request, response) => {
    asked += 1;
    response.end("inside");
  });
  await new Promise<void>((resolve) => neighbour.listen(0, "127.0.0.1", resolve));
  const address = neighbour.address();
  if (address === null || typeof address === "string") throw new Error("The neighbour listens on no port");
  neighbourUrl = `http://127.0.0.1:${address.port}/`;
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await new Promise((resolve) => neighbour.close(resolve));
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  tenant = await insertTenant(api.database.db);
});

const parameters = { type: "object" };

async function insert(prompt: string, tools: unknown[]): Promise<string> {
  const { workspaceId, userId: ownerId } = tenant;
  const position = { x: 0, y: 0 };
  const model = { provider: "anthropic", model: "claude-haiku-4-5", maxTokens: 1_000 };
  const definition = {
    schemaVersion: 1,
    blocks: [
      { id: "Start", name: "Start", position, type: "start", inputs: [] },
      { id: "A", name: "A", position, type: "agent", ...model, prompt, tools },
    ],
    edges: [{ id: "e", source: "Start", sourceHandle: "out", target: "A" }],
    variables: [],
  };
  return (await insertWorkflow(api.database.db, { workspaceId, ownerId, definition })).id;
}

const executeUrl = (workflowId: string) => `${api.baseUrl}/api/v2/workflows/${workflowId}/execute`;
const headers = () => ({ "x-api-key": tenant.apiKey, "content-type": "application/json" });

async function execute(workflowId: string) {
  const response = await fetch(executeUrl(workflowId), { method: "POST", headers: headers(), body: "{}" });
  const { data } = JSON.parse(await response.text());
  return data;
}

async function chargesOf(runId: string): Promise<readonly string[]> {
  const rows = await api.database.sql<{ key: string }[]>`
    SELECT substr(event_key, ${runId.length + 2}::int) AS key FROM ledger_entries
     WHERE run_id = ${runId} ORDER BY event_key COLLATE "C"`;
  return rows.map(({ key }) => key);
}

const own = { type: "mcp", server: { kind: "operator", name: "own" } };
const inside = {
  type: "http",
  name: "inside",
  description: "Asks inside",
  parameters,
  method: "GET",
  headers: {},
};

describe("an agent's tools", () => {
  test("of the operator's process answer, and it was given nothing that the operator did not list", async () => {
    expect(await execute(await insert("[[tool files]]", [own]))).toMatchObject({
      status: "completed",
      output: { A: { toolCalls: [{ name: "files", isError: false, result: "listed undefined" }] } },
    });
  });

  test("at addresses inside are refused: by http and by MCP, and nothing is sent there", async () => {
    const workflowId = await insert("[[tool inside]]", [{ ...inside, url: neighbourUrl }]);
    expect(await execute(workflowId)).toMatchObject({
      status: "completed",
      output: {
        A: {
          toolCalls: [{ name: "inside", isError: true, result: expect.stringContaining("not a public") }],
        },
      },
    });
    const mcp = { type: "mcp", server: { kind: "http", url: neighbourUrl, headers: {} } };
    expect(await execute(await insert("[[tool]]", [mcp]))).toMatchObject({
      status: "failed",
      error: { code: "ADDRESS_REFUSED", blockId: "A" },
    });
    expect(asked).toBe(0);
  });

  test("of a server that nobody set up fail the block before a model is asked", async () => {
    const unknown = { type: "mcp", server: { kind: "operator", name: "constructor" } };
    const run = await execute(await insert("[[tool]]", [unknown]));
    expect(run).toMatchObject({ status: "failed", error: { code: "INVALID_INPUT", blockId: "A" } });
    expect(await chargesOf(run.runId)).toEqual(["base"]);
  });
});

test("a run that is cancelled in the middle of a tool round ends at once; the round before it stays charged, and a watcher is told", async () => {
  const workflowId = await insert("[[preface Let me see.]] [[tool hang files]]", [own]);
  let runId = "";
  const watching = readEvents(executeUrl(workflowId), headers(), {
    init: { method: "POST", body: JSON.stringify({ stream: true }) },
  });
  const { sql } = api.database;
  await expect
    .poll(
      async () => {
        const rows = await sql<{ id: string }[]>`
        SELECT run_id AS id FROM ledger_entries WHERE payer_id = ${tenant.payerId}`;
        runId = rows[0]?.id ?? "";
        return rows.length;
      },
      { timeout: 20_000 },
    )
    .toBe(1);
  const client = api.client({ "x-api-key": tenant.apiKey });
  await client.execution.cancel.mutate({ runId });
  const { events } = await watching;
  expect(events.map(({ data }) => data.type).slice(-3)).toEqual(["block.failed", "run.cancelled", "settled"]);
  expect(await chargesOf(runId)).toEqual(["base", "model:A:1"]);
  const [held] = await sql`SELECT 1 FROM slots WHERE payer_id = ${tenant.payerId}`;
  expect(held).toBeUndefined();
});
