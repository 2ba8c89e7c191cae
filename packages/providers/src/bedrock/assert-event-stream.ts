import { z } from "zod";

/** A 200 that is no stream of Bedrock's, such as the page of a proxy in between. */
class NotAnEventStream extends Error {
  override readonly name = "NotAnEventStream";
}

const taken = z.object({ statusCode: z.literal(200), headers: z.record(z.string(), z.string()) });

/**
 * Throws for an answer that is taken, but not as AWS's binary event stream. The SDK would read its first four bytes as a
 * length and allocate that much: 1 GB for `<htm`.
 */
export function assertEventStream(response: unknown): void {
  const headers = taken.safeParse(response).data?.headers;
  if (headers === undefined) return;
  const type = headers["content-type"] ?? "nothing said";
  if (!type.startsWith("application/vnd.amazon.eventstream")) {
    throw new NotAnEventStream(`The answer is no event stream but ${type}.`);
  }
}
