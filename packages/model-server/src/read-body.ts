import type { IncomingMessage } from "node:http";

/** As much as the Messages API takes, the most of them all. */
const bodyBytesMax = 32_000_000;

export type Body =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "too_large" | "not_json" };

export async function readBody(incoming: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > bodyBytesMax) return { kind: "too_large" };
    chunks.push(buffer);
  }
  try {
    return { kind: "json", value: JSON.parse(Buffer.concat(chunks).toString("utf8")) };
  } catch {
    return { kind: "not_json" };
  }
}
