import { startModelServer } from "@gantry/model-server";
import { Pool } from "undici";
import { figuresOf, inParallel } from "../measure/in-parallel.ts";
import { interleave, samplesOf } from "../measure/interleave.ts";
import { median, percentile } from "../measure/statistics.ts";
import type { Subject } from "../measure/subject.ts";
import { echo, oneCall } from "../stage/definition.ts";
import { startGantryProcess } from "../stage/gantry-process.ts";
import { createModelCaller, maxTokens, prompt } from "../stage/model-callers.ts";
import { type Stage, selectOne } from "../stage/stage.ts";
import { type BenchTenant, insertBenchTenant } from "../stage/tenants.ts";
import type { Row, Section } from "../table/section.ts";
import type { Sizes } from "./sizes.ts";

const callers = 16;

/** `execution.run` end to end, against the model call that it consists of. */
export async function measureHttp(stage: Stage, sizes: Sizes): Promise<Section> {
  const models = await startModelServer({ outputTokens: 50 });
  // The same call as the agent's, by the same adapter, and nothing around it.
  await using caller = createModelCaller("anthropic", models);
  const bare: Subject = { name: "bare provider call", run: async () => void (await caller.call("bench")) };
  try {
    await using gantry = await startGantryProcess({ databaseUrl: stage.url, models });
    const definitions = [echo, oneCall(prompt, maxTokens)];
    const tenant = await insertBenchTenant(stage.general.db, { definitions });
    const http = new Pool(gantry.baseUrl, { connections: callers });
    try {
      const unit = selectOne(stage.hot.sql);
      const subjects: Subject[] = [
        unit,
        bare,
        running(http, tenant, 0, "run: start, response"),
        running(http, tenant, 1, "run: start, agent, response"),
      ];
      const measured = await interleave(subjects, {
        samples: sizes.httpSamples,
        warmUp: Math.ceil(sizes.warmUp / 4),
        between: async () => {},
        betweenEvery: 64,
      });
      const unitMs = median(samplesOf(measured, unit.name));
      const bareMs = median(samplesOf(measured, bare.name));
      const rows = subjects.map(({ name }): Row => {
        const own = samplesOf(measured, name);
        const p50 = median(own);
        const withCall = name === bare.name || name.includes("agent");
        const cells = [p50, percentile(own, 0.95), percentile(own, 0.99), p50 / unitMs];
        return { name, cells: [...cells, withCall ? p50 / bareMs : null, withCall ? p50 - bareMs : null] };
      });
      return section([...rows, ...(await inParallelOverHttp(stage, http, tenant, sizes))]);
    } finally {
      await http.close();
    }
  } finally {
    await models.close();
  }
}

function section(rows: readonly Row[]): Section {
  return {
    title: "EXECUTION.RUN OVER HTTP",
    notes: [
      "timed: POST /trpc/execution.run under an API key, from the request to the whole answer, settlement included.",
      "The service is a process of its own; connections are warm. The local model server answers at once, 50 tokens.",
      "vs call: against a bare provider call, the SDK streaming from the same server. added: ms beyond it.",
    ],
    columns: [
      { title: "p50 ms", unit: "ms" },
      { title: "p95 ms", unit: "ms" },
      { title: "p99 ms", unit: "ms" },
      { title: "p50", unit: "times" },
      { title: "vs call", unit: "times" },
      { title: "added", unit: "ms" },
      { title: "/s", unit: "perSecond" },
    ],
    rows,
  };
}

function running(http: Pool, tenant: BenchTenant, workflow: number, name: string): Subject {
  const request = {
    path: "/trpc/execution.run",
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": tenant.apiKey },
    body: JSON.stringify({ workflowId: tenant.workflowIds[workflow], input: {} }),
  } as const;
  return {
    name,
    async run() {
      const { body } = await http.request(request);
      const answer = await body.text();
      if (!answer.includes('"status":"completed"')) throw new Error(`The run did not complete: ${answer}`);
    },
  };
}

async function inParallelOverHttp(
  { hot }: Stage,
  http: Pool,
  tenant: BenchTenant,
  { rounds, callsPerRound }: Sizes,
): Promise<Row[]> {
  const subject = running(http, tenant, 0, `${callers} callers, start, response`);
  const unit = selectOne(hot.sql);
  const measured = await inParallel([unit, subject], {
    callers,
    rounds,
    callsPerRound: Math.ceil(callsPerRound / 2),
    between: async () => {},
  });
  const unitMs = median(figuresOf(measured, unit.name).samples);
  const { samples, perSecond } = figuresOf(measured, subject.name);
  const shares = [0.5, 0.95, 0.99].map((share) => percentile(samples, share));
  return [{ name: subject.name, cells: [...shares, median(samples) / unitMs, null, null, perSecond] }];
}
