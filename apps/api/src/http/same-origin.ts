/**
 * Whether a browser says that a request comes from our own pages, or from no page at all (a typed address). Pages
 * cannot set these headers. Without any of them the answer is no: a client that is no browser has an API key.
 */
export function fromOwnPages(
  header: (name: "sec-fetch-site" | "origin" | "host") => string | undefined | null,
  publicUrl: string | null,
): boolean {
  const site = header("sec-fetch-site");
  if (typeof site === "string") return site === "same-origin" || site === "none";
  const origin = header("origin");
  if (typeof origin !== "string" || !URL.canParse(origin)) return false;
  if (publicUrl !== null) return new URL(origin).origin === new URL(publicUrl).origin;
  return new URL(origin).host === header("host");
}
