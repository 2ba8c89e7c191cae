import { randomBytes } from "node:crypto";
import { insertPermission, insertWorkflow, startTcpProxy, type TcpProxy } from "@gantry/db/testing";
import { startModelServer } from "@gantry/model-server";
import { Agent } from "undici";
import { median } from "../measure/statistics.ts";
import { busyFor, oneCall } from "../stage/definition.ts";
import { startGantryProcess } from "../stage/gantry-process.ts";
import type { Stage } from "../stage/stage.ts";
import { type BenchTenant, insertBenchTenant } from "../stage/tenants.ts";
import { atMost, type Row, type Section } from "../table/section.ts";

const delayMs = 40;
/** What a run is watched for. It goes on for long enough that settlement's round trip is not counted. */
const marks = {
  block: { event: '"block.started"', definition: busyFor(150) },
  word: { event: '"text.chunk"', definition: oneCall("[[pace 100]] Say something about tides.", 200) },
};
type Mark = (typeof marks)[keyof typeof marks];

/** Database round trips from request to first block, of the whole service behind a slow network. */
export async function countRoundTrips(stage: Stage, samples: number): Promise<Section> {
  const target = new URL(stage.url);
  await using proxy = await startTcpProxy({ target: { host: target.hostname, port: Number(target.port) } });
  target.port = String(proxy.port);
  const models = await startModelServer({ outputTokens: 20 });
  const agent = new Agent();
  try {
    await using gantry = await startGantryProcess({ databaseUrl: target.href, models });
    const session = await signUp(agent, gantry.baseUrl);
    const rows: Row[] = [];
    for (const payer of ["user", "organization"] as const) {
      const tenant = await insertBenchTenant(stage.general.db, { definitions: [], payer });
      const { userId, workspaceId } = tenant;
      await insertPermission(stage.general.db, { userId: session.userId, workspaceId, level: "write" });
      const insert = async ({ definition }: Mark) =>
        (await insertWorkflow(stage.general.db, { workspaceId, ownerId: userId, definition })).id;
      const kept = { block: await insert(marks.block), word: await insert(marks.word) };
      const { baseUrl } = gantry;
      const requests: Readonly<Record<string, Request>> = {
        // One that the service cannot have compiled yet.
        "API key, cache miss": async (mark) => byApiKey(baseUrl, tenant, await insert(marks[mark])),
        "API key, cache hit": async (mark) => byApiKey(baseUrl, tenant, kept[mark]),
        "session, draft": async (mark) => bySession(baseUrl, session.cookie, kept[mark]),
      };
      for (const [name, request] of Object.entries(requests)) {
        rows.push(await rowOf(`${payer}, ${name}`, { agent, proxy, request, samples }));
      }
    }
    return {
      title: "ROUND TRIPS",
      notes: [
        `trips: flights to the database from an HTTP request until its first block has started, authentication too,`,
        `through a proxy that adds ${delayMs} ms to each answer. time: until the event of that block arrives, in ${delayMs} ms.`,
        "to word: flights until the first word of a model's answer, whose call waits until the claim is on disk.",
        "The payer is named first. An editor's draft is compiled for each run: there is no hit or miss.",
      ],
      columns: [
        { title: "trips", unit: "count" },
        { title: "most", unit: "count" },
        { title: "ms", unit: "ms" },
        { title: "time", unit: "times" },
        { title: "to word", unit: "count" },
        { title: "ms", unit: "ms" },
      ],
      rows,
    };
  } finally {
    await agent.close();
    await models.close();
  }
}

interface StreamRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

type Request = (mark: keyof typeof marks) => Promise<StreamRequest>;

interface Watched {
  readonly agent: Agent;
  readonly proxy: TcpProxy;
  readonly request: Request;
  readonly samples: number;
}

async function rowOf(name: string, watched: Watched): Promise<Row> {
  const block = await watch("block", watched);
  const word = await watch("word", watched);
  const trips = median(block.trips);
  const ms = median(block.times);
  return {
    name,
    cells: [trips, Math.max(...block.trips), ms, ms / delayMs, median(word.trips), median(word.times)],
    verdict: atMost(trips, 2, "≤ 2"),
  };
}

async function watch(mark: keyof typeof marks, { agent, proxy, request, samples }: Watched) {
  const { event } = marks[mark];
  // Once without looking: connections to the service are warm, and the hit is one.
  await untilEvent(event, agent, proxy, await request(mark));
  const trips: number[] = [];
  const times: number[] = [];
  for (let i = 0; i < samples; i += 1) {
    const prepared = await request(mark);
    proxy.setDelay(delayMs);
    const seen = await untilEvent(event, agent, proxy, prepared);
    proxy.setDelay(0);
    trips.push(seen.roundTrips);
    times.push(seen.ms);
  }
  return { trips, times };
}

/** Sends the request, looks when this event comes, and then waits for the end. */
async function untilEvent(event: string, agent: Agent, proxy: TcpProxy, { url, ...request }: StreamRequest) {
  const { origin, pathname, search } = new URL(url);
  const tripsBefore = proxy.roundTrips();
  const from = performance.now();
  const { body } = await agent.request({ origin, path: pathname + search, ...request });
  let seen: { ms: number; roundTrips: number } | null = null;
  let text = "";
  for await (const chunk of body.setEncoding("utf8")) {
    text += String(chunk);
    if (!text.includes(event)) continue;
    seen ??= { ms: performance.now() - from, roundTrips: proxy.roundTrips() - tripsBefore };
    if (text.includes('"settled"')) break;
  }
  if (seen === null) throw new Error(`There was no ${event}: ${text}`);
  return seen;
}

function byApiKey(baseUrl: string, { apiKey }: BenchTenant, workflowId: string): StreamRequest {
  return {
    url: `${baseUrl}/api/v2/workflows/${workflowId}/execute`,
    method: "POST",
    headers: { "x-api-key": apiKey, "content-type": "application/json" },
    body: JSON.stringify({ stream: true }),
  };
}

/** As the editor does it. */
function bySession(baseUrl: string, cookie: string, workflowId: string): StreamRequest {
  const input = encodeURIComponent(JSON.stringify({ workflowId }));
  return {
    url: `${baseUrl}/trpc/execution.stream?input=${input}`,
    method: "GET",
    headers: { cookie, accept: "text/event-stream", "sec-fetch-site": "same-origin" },
    body: null,
  };
}

async function signUp(agent: Agent, baseUrl: string): Promise<{ userId: string; cookie: string }> {
  const { headers, body } = await agent.request({
    origin: baseUrl,
    path: "/api/auth/sign-up/email",
    method: "POST",
    headers: { "content-type": "application/json", origin: baseUrl, "sec-fetch-site": "same-origin" },
    body: JSON.stringify({
      name: "Ada",
      email: "ada@example.com",
      password: randomBytes(12).toString("base64url"),
    }),
  });
  const answer = await body.json();
  const [cookie] = [headers["set-cookie"] ?? []].flat().map((line) => line.split(";", 1)[0]);
  if (cookie === undefined || !hasUser(answer)) throw new Error("Signing up did not work.");
  return { userId: answer.user.id, cookie };
}

function hasUser(answer: unknown): answer is { user: { id: string } } {
  if (typeof answer !== "object" || answer === null || !("user" in answer)) return false;
  const { user } = answer;
  return typeof user === "object" && user !== null && "id" in user && typeof user.id === "string";
}
