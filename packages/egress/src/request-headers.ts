/** Names that the transport writes itself, or that concern one connection only. */
const OWNED: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
/** Wider than the well-known names: a header that was meant for one host is worth less to another than a leak costs. */
const CREDENTIAL = /auth|cookie|token|secret|key|password|credential|session|signature|jwt/;

export type RequestHeaders = Readonly<Record<string, string>>;

/**
 * The headers of a request with lower-case names, without those that the transport owns; null when one of them cannot be
 * sent. Asks for the body as it is: then its size on the wire is its size.
 */
export function prepareHeaders(given: RequestHeaders): RequestHeaders | null {
  const headers = new Map([
    ["accept", "*/*"],
    ["user-agent", "gantry"],
  ]);
  for (const [givenName, value] of Object.entries(given)) {
    const name = givenName.toLowerCase();
    if (!NAME.test(name) || !VALUE.test(value)) return null;
    if (!OWNED.has(name)) headers.set(name, value);
  }
  headers.set("accept-encoding", "identity");
  return Object.fromEntries(headers);
}

/** What may follow a redirect to another origin. */
export function withoutCredentials(headers: RequestHeaders): RequestHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIAL.test(name)));
}

/** What may follow a redirect that drops the body. */
export function withoutContent(headers: RequestHeaders): RequestHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("content-")));
}
