import { z } from "zod";
import { type Attachment, base64Bytes } from "../answer/ask.ts";

const dataUrlPattern = /^data:([^;,]+);base64,(.*)$/s;

/** An address that a provider would fetch, or a `data:` URL with the bytes themselves. */
export const mediaUrl = z
  .string()
  .refine(
    (url) => /^https?:\/\//.test(url) || isBase64(dataUrlPattern.exec(url)?.[2] ?? null),
    "an http(s) URL, or data:<type>;base64,<data>",
  );

/** What a prompt attaches by such an address. `kind` stands in for the media type, which an address does not tell. */
export function attachmentOf(url: string, kind: string): Attachment {
  const [, mediaType = kind, data = null] = dataUrlPattern.exec(url) ?? [];
  return { mediaType, bytes: data === null ? null : base64Bytes(data) };
}

function isBase64(data: string | null): boolean {
  return data !== null && z.base64().safeParse(data).success;
}
