import { type ContentPart, imageMediaTypes } from "@gantry/providers";
import { engineLimits } from "../../limits.ts";

export type Attachments =
  | { readonly ok: true; readonly parts: readonly ContentPart[] }
  | { readonly ok: false; readonly message: string };

/** Data URLs as what a model is shown. The first that cannot be is told by its number, counted from 1. */
export function readAttachments(urls: readonly string[]): Attachments {
  const parts: ContentPart[] = [];
  let bytes = 0;
  for (const [index, url] of urls.entries()) {
    const read = readAttachment(url);
    if (read === null) return refused(index, "is not a data URL of a PNG, JPEG, GIF, WebP or PDF in base64.");
    bytes += read.bytes;
    if (bytes > engineLimits.attachmentBytesMax)
      return refused(index, `makes them larger than ${engineLimits.attachmentBytesMax} bytes in all.`);
    parts.push(read.part);
  }
  return { ok: true, parts };
}

function refused(index: number, why: string): Attachments {
  return { ok: false, message: `Attachment ${index + 1} ${why}` };
}

function readAttachment(url: string): { part: ContentPart; bytes: number } | null {
  const head = /^data:([a-z]+\/[a-z]+);base64,/.exec(url);
  if (head === null) return null;
  const base64 = url.slice(head[0].length);
  if (base64 === "" || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const bytes = (base64.length / 4) * 3 - (/=*$/.exec(base64.slice(-2))?.[0].length ?? 0);
  if (head[1] === "application/pdf") return { part: { type: "pdf", base64 }, bytes };
  const mediaType = imageMediaTypes.find((type) => type === head[1]);
  return mediaType === undefined ? null : { part: { type: "image", mediaType, base64 }, bytes };
}

/** What an event carries of one: its beginning, for its data would crowd out everything else. */
export function shownAttachment(url: string): string {
  return url.length <= shownChars ? url : `${url.slice(0, shownChars)}… (${url.length} characters)`;
}

const shownChars = 64;
