import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { Directives } from "./answer/directives.ts";
import type { AnswerStream, Frame } from "./wire.ts";

/** Longer than any client waits; a timer takes no more. */
export const foreverMs = 2 ** 31 - 1;

/** How an answer is sent, whichever wire wrote it. */
export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly directives: Directives;
  readonly betweenChunksMs: number;
  /** Aborts when the client has gone. */
  readonly gone: AbortSignal;
  /** Throws when the client goes. */
  readonly wait: (ms: number) => Promise<void>;
}

/** Sends a stream at its pace, with the fault that was asked for. */
export async function writeStream(
  response: ServerResponse,
  stream: AnswerStream,
  delivery: Delivery,
): Promise<void> {
  const { fault, errorEvent } = delivery.directives;
  const send = async (frames: readonly Frame[]) => {
    for (const frame of frames) {
      // A client that reads slowly must not make the server keep the whole answer.
      if (!response.write(frame)) await once(response, "drain", { signal: delivery.gone });
    }
  };

  response.writeHead(200, {
    "content-type": stream.contentType,
    "cache-control": "no-cache",
    ...delivery.headers,
  });
  response.flushHeaders();
  await send(stream.opening);

  const all = [...stream.steps, ...stream.closing];
  for (const [index, frames] of all.slice(0, sentSteps(stream, delivery.directives)).entries()) {
    const paced = index > 0 && index < stream.steps.length && delivery.betweenChunksMs > 0;
    if (paced) await delivery.wait(delivery.betweenChunksMs);
    await send(frames);
  }
  if (fault?.kind === "stall") return delivery.wait(foreverMs);
  if (fault?.kind === "cut") return cut(response, delivery);
  if (errorEvent !== null) await send(stream.failure(errorEvent.type));
  response.end();
}

/** Sends an answer that is one JSON value. */
export async function writeWhole(
  response: ServerResponse,
  chunks: number,
  value: unknown,
  delivery: Delivery,
): Promise<void> {
  const { fault } = delivery.directives;
  const text = JSON.stringify(value);
  if (fault?.kind !== "stall") await delivery.wait(delivery.betweenChunksMs * chunks);
  response.writeHead(200, { "content-type": "application/json", ...delivery.headers });
  if (fault?.kind === "stall") {
    response.flushHeaders();
    return delivery.wait(foreverMs);
  }
  if (fault?.kind === "cut") {
    response.write(text.slice(0, text.length / 2));
    return cut(response, delivery);
  }
  response.end(fault?.kind === "truncate" ? text.slice(0, text.length / 2) : text);
}

/** How many of the stream's steps and closing events are sent. */
function sentSteps(stream: AnswerStream, { errorEvent, fault }: Directives): number {
  const tokens = stream.steps.length;
  const half = Math.floor(tokens / 2);
  if (errorEvent !== null) return half;
  if (fault === null || fault.kind === "hang") return tokens + stream.closing.length;
  const sent = { opening: 0, half, end: tokens, final: tokens + stream.closing.length - 1 };
  return sent[fault.place];
}

/** Lets what was sent reach the client first, so that it sees an answer that breaks off. */
async function cut(response: ServerResponse, delivery: Delivery): Promise<void> {
  await delivery.wait(20);
  response.socket?.destroy();
}
