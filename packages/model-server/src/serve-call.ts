import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { newestQuestion, type Turn } from "./answer/ask.ts";
import { composeAnswer } from "./answer/compose-answer.ts";
import type { Directives } from "./answer/directives.ts";
import { parseDirectives } from "./answer/parse-directives.ts";
import { toolRoundProblem } from "./answer/tool-round.ts";
import { keyHash } from "./key-hash.ts";
import { readBody } from "./read-body.ts";
import type { AnswerHead, Refusal, Wire } from "./wire.ts";
import { foreverMs, writeStream, writeWhole } from "./write-answer.ts";

/** What an answer is like when the prompt says nothing about it. */
export interface AnswerDefaults {
  readonly firstTokenLatencyMs: number;
  readonly betweenChunksMs: number;
  /** Null: as long as the answer naturally is. */
  readonly outputTokens: number | null;
}

export interface ServedCall {
  readonly wire: Wire;
  readonly credential: string | null;
  /** Null: every key is good that does not end in `-revoked`. */
  readonly validKeys: ReadonlySet<string> | null;
  readonly head: AnswerHead;
  readonly defaults: AnswerDefaults;
  readonly onRequest: ((request: SeenRequest) => void) | undefined;
}

/** A request as it came. */
export interface SeenRequest {
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** Answers one call over its wire. Resolves when the answer is sent or the client has gone. */
export async function serveCall(
  incoming: IncomingMessage,
  response: ServerResponse,
  call: ServedCall,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    const refusal = await answer(incoming, response, call, gone.signal);
    if (refusal !== null) writeRefusal(response, call, refusal);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

export function writeRefusal(
  response: ServerResponse,
  call: Pick<ServedCall, "wire" | "head">,
  refusal: Refusal,
): void {
  if (response.destroyed) return;
  const { requestId } = call.head;
  const written = call.wire.refuse(refusal, requestId);
  response.writeHead(written.status, {
    "content-type": "application/json",
    ...call.wire.headers(requestId),
    ...written.headers,
  });
  response.end(JSON.stringify(written.body));
}

/** Sends the answer; or says why there is none, and has sent nothing. */
async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  { wire, credential, validKeys, head, defaults, onRequest }: ServedCall,
  gone: AbortSignal,
): Promise<Refusal | null> {
  if (credential === null) return { kind: "no_key" };
  if (credential.endsWith("-revoked") || validKeys?.has(credential) === false) return { kind: "bad_key" };

  const body = await readBody(incoming);
  if (body.kind !== "json") return { kind: body.kind };
  onRequest?.({ url: incoming.url ?? "", headers: incoming.headers, body: body.value });
  const reading = wire.read(body.value);
  if (reading.kind === "refused") return reading.refusal;
  const { ask, whole, stream } = reading.call;
  const problem = toolRoundProblem(ask);
  if (problem !== null) return { kind: "bad_request", message: problem };

  const { directives, rest } = parseDirectives(textOf(newestQuestion(ask)));
  const wait = async (ms: number) => {
    await delay(Math.min(ms, foreverMs), undefined, { signal: gone });
  };
  await wait(
    directives.fault?.kind === "hang" ? foreverMs : (directives.latencyMs ?? defaults.firstTokenLatencyMs),
  );
  const asked = askedRefusal(directives, credential);
  if (asked !== null) return asked;

  const composed = composeAnswer(ask, rest, said(directives, credential), defaults);
  const delivery = {
    headers: wire.headers(head.requestId),
    directives,
    betweenChunksMs: directives.paceMs ?? defaults.betweenChunksMs,
    gone,
    wait,
  };
  if (ask.stream) await writeStream(response, stream(composed, head), delivery);
  else await writeWhole(response, countChunks(composed.blocks), whole(composed, head), delivery);
  return null;
}

function textOf(question: Turn | null): string {
  if (question === null) return "";
  return question.role === "tools" ? question.results.map((result) => result.text).join("\n") : question.text;
}

function said(directives: Directives, credential: string): Directives {
  return directives.sayKey ? { ...directives, say: keyHash(credential).slice(0, 8) } : directives;
}

function countChunks(blocks: readonly { readonly chunks: readonly string[] }[]): number {
  return blocks.reduce((sum, block) => sum + block.chunks.length, 0);
}

function askedRefusal(directives: Directives, credential: string): Refusal | null {
  if (directives.badKey) return { kind: "bad_key" };
  if (directives.overloaded !== null) return { kind: "overloaded", ...directives.overloaded };
  if (directives.error === null) return null;
  const { status, type, retryAfterSeconds, echoKey } = directives.error;
  const said = `The local model was asked to answer ${status}.`;
  const padding = "x".repeat((directives.oversizeMb ?? 0) * 1_000_000);
  const message = `${echoKey ? `${said} Your key is ${credential}.` : said}${padding}`;
  return { kind: "asked", status, type, message, retryAfterSeconds };
}
