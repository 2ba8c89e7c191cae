/** `encodeURIComponent` that never throws: half of a surrogate pair becomes U+FFFD, as in every URL. */
export function percentEncode(text: string): string {
  return encodeURIComponent(Buffer.from(text, "utf8").toString("utf8"));
}
