import { type ProviderId, providerIds } from "@gantry/providers";
import { Pool } from "undici";
import { interleave, samplesOf } from "../measure/interleave.ts";
import { median } from "../measure/statistics.ts";
import type { Subject } from "../measure/subject.ts";
import { createModelCaller, maxTokens, models, prompt } from "../stage/model-callers.ts";
import { startModelServerThread, type ThreadedModelServer } from "../stage/model-server-thread.ts";
import type { Row, Section } from "../table/section.ts";
import type { Sizes } from "./sizes.ts";

const outputTokens = 50;

/** What an adapter and its SDK add to a call: against the same request by a bare client, answer read to its end. */
export async function measureAdapters(sizes: Sizes): Promise<Section> {
  await using thread = await startModelServerThread();
  const server = await thread.start({ outputTokens });
  const rows: Row[] = [];
  for (const provider of providerIds) rows.push(await measured(provider, server, sizes));
  return {
    title: "WHAT AN ADAPTER COSTS",
    notes: [
      `one streamed call of ${outputTokens} tokens to a local server in a thread of its own, over a warm connection, to its end.`,
      "bare: undici sends the same request and drops the answer unread. kept: one client of the SDK for all calls.",
      "per call: a new one for each. new: per call against kept, what keeping clients would gain.",
    ],
    columns: [
      { title: "bare", unit: "ms" },
      { title: "kept", unit: "ms" },
      { title: "per call", unit: "ms" },
      { title: "vs bare", unit: "times" },
      { title: "added", unit: "ms" },
      { title: "new", unit: "times" },
    ],
    rows,
  };
}

async function measured(provider: ProviderId, server: ThreadedModelServer, sizes: Sizes): Promise<Row> {
  await using kept = createModelCaller(provider, server, "kept");
  await using perCall = createModelCaller(provider, server, "one_call");
  const pool = new Pool(server.url, { connect: { ca: server.ca } });
  const subjects: Subject<"bare" | "kept" | "per call">[] = [
    { name: "bare", run: () => bareCall(pool, provider) },
    { name: "kept", run: async () => void (await kept.call("tenant")) },
    { name: "per call", run: async () => void (await perCall.call("tenant")) },
  ];
  try {
    const samples = await interleave(subjects, {
      samples: sizes.httpSamples,
      warmUp: Math.ceil(sizes.warmUp / 4),
      between: async () => {},
      betweenEvery: 64,
    });
    const bare = median(samplesOf(samples, "bare"));
    const withKept = median(samplesOf(samples, "kept"));
    const withNew = median(samplesOf(samples, "per call"));
    return {
      name: provider,
      cells: [bare, withKept, withNew, withKept / bare, withKept - bare, withNew / withKept],
    };
  } finally {
    await pool.close();
  }
}

async function bareCall(pool: Pool, provider: ProviderId): Promise<void> {
  const { path, headers, body } = bareRequest(provider, models[provider]);
  const answer = await pool.request({
    method: "POST",
    path,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (answer.statusCode !== 200) throw new Error(`${provider}: ${await answer.body.text()}`);
  await answer.body.dump({ limit: Number.MAX_SAFE_INTEGER });
}

interface BareRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

function bareRequest(provider: ProviderId, model: string): BareRequest {
  const messages = [{ role: "user", content: prompt }];
  const toClaude = { model, max_tokens: maxTokens, stream: true, messages };
  const toChat = { model, stream: true, stream_options: { include_usage: true }, messages };
  const bearer = { authorization: "Bearer tenant" };
  switch (provider) {
    case "anthropic":
      return { path: "/v1/messages", headers: { "x-api-key": "tenant" }, body: toClaude };
    case "azure-anthropic":
      return { path: "/anthropic/v1/messages", headers: { "api-key": "tenant" }, body: toClaude };
    case "openai":
    case "vllm":
    case "cerebras":
      return { path: "/v1/chat/completions", headers: bearer, body: toChat };
    case "groq":
      return { path: "/openai/v1/chat/completions", headers: bearer, body: toChat };
    case "bedrock":
      return {
        path: `/model/${encodeURIComponent(model)}/converse-stream`,
        headers: bearer,
        body: { messages: [{ role: "user", content: [{ text: prompt }] }] },
      };
    case "google":
      return {
        path: `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
        headers: { "x-goog-api-key": "tenant" },
        body: { contents: [{ role: "user", parts: [{ text: prompt }] }] },
      };
  }
}
