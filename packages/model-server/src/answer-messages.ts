import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { composeAnswer } from "./answer.ts";
import { type ApiError, apiError, errorEnvelope } from "./api-error.ts";
import { type Directives, parseDirectives } from "./directives.ts";
import { messagesRequest, newestUserText } from "./messages-protocol.ts";
import { readBody } from "./read-body.ts";
import { streamAnswer, wholeAnswer } from "./stream-answer.ts";

/** What an answer is like when the prompt says nothing about it. */
export interface AnswerDefaults {
  readonly firstTokenLatencyMs: number;
  readonly betweenChunksMs: number;
  /** Null: as long as the answer naturally is. */
  readonly outputTokens: number | null;
}

const foreverMs = 2 ** 31 - 1;

/** Answers POST /v1/messages. Resolves when the answer is sent or the client has gone. */
export async function answerMessages(
  incoming: IncomingMessage,
  response: ServerResponse,
  call: { readonly apiKey: string | null; readonly sequence: number; readonly defaults: AnswerDefaults },
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const requestId = `req_local_${call.sequence}`;
  const refuse = (error: ApiError) => sendError(response, error, requestId);

  if (call.apiKey === null) {
    return refuse(
      apiError(401, "An API key is required: send it as 'authorization: Bearer ...' or 'x-api-key'."),
    );
  }
  if (call.apiKey.endsWith("-revoked")) return refuse(apiError(401, "invalid x-api-key"));

  const body = await readBody(incoming);
  if (body.kind !== "json") {
    return refuse(
      body.kind === "too_large"
        ? apiError(413, "Request exceeds the maximum size")
        : apiError(400, "The request body is not valid JSON"),
    );
  }

  const parsed = messagesRequest.safeParse(body.value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join(".") || "body"}: ${issue.message}`,
    );
    return refuse(apiError(400, problems.join("; ")));
  }
  const request = parsed.data;
  if (!request.model.startsWith("claude-")) return refuse(apiError(404, `model: ${request.model}`));

  const { directives, rest } = parseDirectives(newestUserText(request));
  const wait = async (ms: number) => {
    await delay(Math.min(ms, foreverMs), undefined, { signal: gone.signal });
  };
  try {
    await wait(
      directives.fault === "hang" ? foreverMs : (directives.latencyMs ?? call.defaults.firstTokenLatencyMs),
    );
    if (directives.error !== null) return refuse(askedError(directives.error, call.apiKey));

    const head = { messageId: `msg_local_${call.sequence}`, requestId, model: request.model };
    const answer = composeAnswer(request, rest, directives, call.defaults);
    const betweenChunksMs = directives.paceMs ?? call.defaults.betweenChunksMs;
    if (request.stream === true) {
      await streamAnswer(response, head, answer, directives, { betweenChunksMs, wait });
      return;
    }
    if (directives.fault === "stall") await wait(foreverMs);
    await wait(betweenChunksMs * answer.block.chunks.length);
    if (directives.fault === "cut") {
      response.socket?.destroy();
      return;
    }
    sendJson(response, 200, wholeAnswer(head, answer), { "request-id": requestId });
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

export function sendError(response: ServerResponse, error: ApiError, requestId: string): void {
  sendJson(response, error.status, errorEnvelope(error, requestId), {
    "request-id": requestId,
    ...(error.retryAfterSeconds === null ? {} : { "retry-after": String(error.retryAfterSeconds) }),
  });
}

function askedError(asked: NonNullable<Directives["error"]>, apiKey: string): ApiError {
  const said = `The local model was asked to answer ${asked.status}.`;
  return apiError(
    asked.status,
    asked.echoKey ? `${said} Your key is ${apiKey}.` : said,
    asked.retryAfterSeconds,
  );
}

function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.destroyed) return;
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}
