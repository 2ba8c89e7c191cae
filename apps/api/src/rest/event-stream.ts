import { once } from "node:events";
import { PassThrough, type Readable } from "node:stream";
import type { RunEvent } from "@gantry/execution";
import { eventId } from "../routers/event-id.ts";

const pingEveryMs = 15_000;

/**
 * A run's events as server-sent events. A watcher who leaves ends the stream and nothing else: the run goes on.
 * `onError` is told when the events broke off.
 */
export function eventStream(
  runId: string,
  events: AsyncIterable<RunEvent>,
  onError: (error: unknown) => void,
): Readable {
  const stream = new PassThrough();
  // Proxies close what is silent for long.
  const ping = setInterval(() => stream.write(": ping\n\n"), pingEveryMs);
  stream.once("close", () => clearInterval(ping));
  write(stream, runId, events).catch((error: unknown) => {
    if (!stream.destroyed) onError(error);
    stream.destroy();
  });
  return stream;
}

async function write(stream: PassThrough, runId: string, events: AsyncIterable<RunEvent>): Promise<void> {
  const left = new AbortController();
  stream.once("close", () => left.abort());
  for await (const event of events) {
    if (stream.destroyed) return;
    const { type, seq } = event;
    const flowing = stream.write(
      `id: ${eventId(runId, seq)}\nevent: ${type}\ndata: ${JSON.stringify(event)}\n\n`,
    );
    if (!flowing) await once(stream, "drain", { signal: left.signal });
  }
  stream.end();
}
