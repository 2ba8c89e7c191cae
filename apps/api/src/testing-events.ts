/** One server-sent event of a run. */
export interface SentEvent {
  readonly id: string;
  readonly data: { readonly type: string; readonly seq: number; readonly [key: string]: unknown };
}

export interface SentEvents {
  readonly events: readonly SentEvent[];
  /** What tRPC sent in place of further events. */
  readonly error: unknown;
}

/** Reads a stream of server-sent events to its end, or until so many have come; for tests. */
export async function readEvents(
  url: string,
  headers: Record<string, string>,
  options: { readonly leaveAfter?: number; readonly init?: RequestInit } = {},
): Promise<SentEvents> {
  const leave = new AbortController();
  const response = await fetch(url, { ...options.init, headers, signal: leave.signal });
  if (response.body === null) throw new Error(`No stream: ${response.status}`);
  const events: SentEvent[] = [];
  let error: unknown = null;
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const parts = text.split(/\n\n+/);
    text = parts.pop() ?? "";
    for (const part of parts) {
      const fields = new Map(
        part.split("\n").map((line) => [line.split(":", 1)[0], line.replace(/^\w+: ?/, "")]),
      );
      const name = fields.get("event");
      if (name === "serialized-error") error = JSON.parse(fields.get("data") ?? "");
      if (fields.has("id"))
        events.push({ id: fields.get("id") ?? "", data: JSON.parse(fields.get("data") ?? "") });
      if (events.length === options.leaveAfter) {
        leave.abort();
        return { events, error };
      }
    }
  }
  return { events, error };
}
