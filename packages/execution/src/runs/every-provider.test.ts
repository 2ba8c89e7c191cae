import { randomBytes } from "node:crypto";
import { createServer, request as send } from "node:https";
import { defaultBilling, verifyLedger } from "@gantry/billing";
import { insertTenant } from "@gantry/db/testing";
import {
  generateCertificate,
  type ModelServer,
  type SeenRequest,
  startModelServer,
} from "@gantry/model-server";
import { createConnectionPool, createPriceTable, createProviders, providerIds } from "@gantry/providers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { agent, definitionOf, fnTool, start } from "../engine/testing/plans.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { readMoney } from "../testing/money.ts";
import { until } from "../testing/until.ts";
import type { Execution } from "./execution.ts";
import type { Principal } from "./principal.ts";
import type { PlatformKeys } from "./run-values.ts";
import type { StreamEvent } from "./stream-event.ts";

// Agents on every provider, from admission over its real SDK to the ledger.

/** Stands before the model server and answers in its place, in the shape of Anthropic's, as long as `answers` holds any. */
interface Gate extends AsyncDisposable {
  readonly url: string;
  readonly ca: string;
  readonly answers: {
    readonly status: number;
    readonly headers?: Record<string, string>;
    readonly type: string;
  }[];
}

const price = { input: 1_000_000, output: 5_000_000, cacheRead: 100_000, cacheWrite: 1_250_000 };
const models = {
  anthropic: "claude-haiku-4-5",
  "azure-anthropic": "claude-haiku-4-5",
  bedrock: "anthropic.claude-haiku-4-5-20251001-v1:0",
  vllm: "qwen3-32b",
  openai: "gpt-4.1",
  groq: "openai/gpt-oss-120b",
  cerebras: "gpt-oss-120b",
  google: "gemini-2.5-flash",
} as const;

let harness: Harness;
let server: ModelServer;
let gate: Gate;
let execution: Execution;
let close: () => Promise<void>;
const seen: SeenRequest[] = [];
beforeAll(async () => {
  harness = await startHarness();
  server = await startModelServer({ onRequest: (request) => void seen.push(request) });
  gate = await startGate(server);
  const pool = createConnectionPool({ ca: gate.ca });
  const providers = createProviders({
    pool,
    openUserTransport: () => {
      throw new Error("No key of these tests names an address of its own");
    },
    fingerprintKey: randomBytes(32),
    clients: { entriesMax: 10, idleMaxMs: 60_000 },
    prices: createPriceTable({ vllm: { [models.vllm]: price } }),
    now: Date.now,
  });
  // Every call must top up.
  const billing = { ...defaultBilling, holdSliceMicros: 1 };
  execution = harness.another({ providers, platformKeys: keysAt(gate.url), billing });
  close = async () => {
    providers.close();
    await pool.close();
    await gate[Symbol.asyncDispose]();
    await server.close();
  };
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await close();
});
beforeEach(() => {
  seen.length = 0;
  server.reset();
});

function keysAt(url: string): PlatformKeys {
  const key = { apiKey: "a-platform-key", source: "platform" } as const;
  const identity = { kind: "keys", accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a-secret" } as const;
  return {
    anthropic: { ...key, provider: "anthropic", baseUrl: url },
    "azure-anthropic": { ...key, provider: "azure-anthropic", baseUrl: `${url}/anthropic` },
    bedrock: { provider: "bedrock", source: "platform", region: "us-east-1", identity, baseUrl: url },
    vllm: { ...key, provider: "vllm", baseUrl: `${url}/v1` },
    openai: { ...key, provider: "openai", baseUrl: `${url}/v1` },
    groq: { ...key, provider: "groq", baseUrl: url },
    cerebras: { ...key, provider: "cerebras", baseUrl: url },
    google: { ...key, provider: "google", baseUrl: url },
  };
}

async function startGate(behind: ModelServer): Promise<Gate> {
  const { key, cert } = await generateCertificate();
  const answers: Gate["answers"] = [];
  const gateServer = createServer({ key, cert }, (incoming, response) => {
    const answer = answers.shift();
    if (answer !== undefined) {
      incoming.resume();
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(JSON.stringify({ type: "error", error: { type: answer.type, message: "Not now" } }));
      return;
    }
    const { method, headers, url } = incoming;
    const onward = send(new URL(url ?? "/", behind.url), { method, headers, ca: behind.ca }, (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.once("close", () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => gateServer.listen(0, "127.0.0.1", resolve));
  const address = gateServer.address();
  if (address === null || typeof address === "string") throw new Error("The gate listens on no port");
  return {
    url: `https://127.0.0.1:${address.port}`,
    ca: cert,
    answers,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        gateServer.close(() => resolve());
        gateServer.closeAllConnections();
      }),
  };
}

/** `meanwhile`: what is done while it runs. */
async function run(
  block: ReturnType<typeof agent>,
  input: Record<string, string> = {},
  meanwhile: (run: {
    readonly runId: string;
    readonly principal: Principal;
  }) => Promise<void> = async () => {},
) {
  const definition = definitionOf(
    [start(Object.keys(input).map((name) => ({ name, type: "string", required: true }))), block],
    ["Start -> A"],
  );
  const tenant = await insertTenant(harness.database.db, { definition });
  const { apiKey, workflowId, payerId, userId } = tenant;
  const outcome = await execution.start({ credential: withKey(apiKey), workflowId, input });
  if (outcome.kind !== "admitted") throw new Error(`not admitted: ${JSON.stringify(outcome)}`);
  const principal = { userId, apiKeyId: null, workspaceId: null };
  await meanwhile({ runId: outcome.run.runId, principal });
  const events: StreamEvent[] = [];
  for await (const event of outcome.run.events(0)) events.push(event);
  const finished = await outcome.run.finished;
  const { runId } = outcome.run;
  const entries = await harness.database.sql<{ key: string; model: string | null; amount: number }[]>`
    SELECT substr(event_key, ${runId.length + 2}::int) AS key, model, amount_micros::int AS amount
      FROM ledger_entries WHERE run_id = ${runId} ORDER BY event_key COLLATE "C"`;
  expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBe(finished.costMicros);
  expect(await readMoney(harness.database, payerId)).toEqual({
    settledMicros: finished.costMicros,
    heldMicros: 0,
    totalMicros: finished.costMicros,
  });
  // Above all that no call cost more than its bound.
  expect(harness.told).toEqual([]);
  return { finished, events, entries, keys: entries.map(({ key }) => key) };
}

const responseSchema = {
  type: "object",
  properties: { answer: { type: "string" } },
  required: ["answer"],
  additionalProperties: false,
};
const weather = fnTool("weather", `return '[[say {"answer":"sunny"}]]'`, {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
});

describe.each(providerIds)("%s", (provider) => {
  const asked = { provider, model: models[provider] };

  test("gives structured output after a round of tools; each call is charged once, and never above its bound", async () => {
    const { finished, keys } = await run(
      agent("A", "[[tool weather weather]]", { ...asked, tools: [weather], responseSchema }),
    );
    expect(finished).toMatchObject({
      status: "completed",
      output: {
        A: {
          json: { answer: "sunny" },
          provider,
          rounds: 2,
          toolCalls: [{ name: "weather" }, { isError: false }],
        },
      },
    });
    expect(keys).toEqual(["base", "model:A:1", "model:A:2"]);
  });

  test("is left when the run is cancelled in the round after: the socket is gone, and the round before stays charged", async () => {
    const stalling = fnTool("weather", "return '[[say one two three four]] [[stall half]]'");
    const { finished, events, keys } = await run(
      agent("A", "[[tool weather]]", { ...asked, tools: [stalling] }),
      {},
      async ({ runId, principal }) => {
        await until(() => server.stats().requests === 2 && server.stats().requestsInFlight === 1);
        expect(await execution.cancel({ principal, runId })).toEqual({ kind: "cancelling" });
      },
    );
    expect(finished).toMatchObject({ status: "cancelled" });
    expect(events.find((event) => event.type === "block.failed")).toMatchObject({
      error: { code: "CANCELLED" },
    });
    expect(keys.slice(0, 2)).toEqual(["base", "model:A:1"]);
    await until(() => server.stats().requestsInFlight === 0);
  });

  test("is shown an image; what the run tells of it is its beginning", async () => {
    const image = `data:image/png;base64,${randomBytes(3_000).toString("base64")}`;
    const { finished, events } = await run(
      agent("A", "[[say a cat]]", { ...asked, attachments: ["<Start.picture>"] }),
      { picture: image },
    );
    expect(finished).toMatchObject({ status: "completed", output: { A: { text: "a cat" } } });
    const told = events.find((event) => event.type === "block.started" && event.blockId === "A");
    expect(JSON.stringify(told).length).toBeLessThan(1_000);
    expect(JSON.stringify(seen.at(-1))).toContain(image.slice(-2_000));
  });
});

describe("a provider that has too much to do", () => {
  test("with 429 is asked again when it said, and the run is charged for the one call that it answered", async () => {
    gate.answers.push({ status: 429, headers: { "retry-after": "0" }, type: "rate_limit_error" });
    const { finished, keys } = await run(agent("A", "[[say hello]]", { model: models.anthropic }));
    expect(finished).toMatchObject({ status: "completed", output: { A: { text: "hello" } } });
    expect(keys).toEqual(["base", "model:A:2"]);
  });

  test("with 529 leaves the block to its fallback at another provider, in the middle of a conversation", async () => {
    const overloaded = { status: 529, type: "overloaded_error", headers: { "retry-after": "0" } };
    const tool = fnTool("weather", "return '[[say It rains]]'");
    gate.answers.push(overloaded, overloaded, overloaded);
    const { finished, entries } = await run(
      agent("A", "[[tool weather]]", {
        model: models.anthropic,
        tools: [tool],
        fallbacks: [{ provider: "openai", model: models.openai }],
      }),
    );
    expect(finished).toMatchObject({
      status: "completed",
      output: { A: { text: "It rains", provider: "openai", rounds: 2 } },
    });
    expect(entries.map(({ key }) => key)).toEqual(["base", "model:A:4", "model:A:5"]);
    expect((await verifyLedger(harness.database.sql)).differences).toEqual([]);
  });
});
