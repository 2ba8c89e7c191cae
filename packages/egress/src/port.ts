export type EgressFailure =
  /** The URL, the method or a header is nothing that can be sent. */
  | "INVALID_URL"
  /** Neither http nor https, or a redirect from https to http. */
  | "SCHEME_NOT_ALLOWED"
  | "PORT_NOT_ALLOWED"
  /** The host, or one of the addresses it stands for, is not public and not allowed by the operator. */
  | "ADDRESS_NOT_ALLOWED"
  | "DNS_FAILED"
  | "CONNECTION_FAILED"
  | "TIMED_OUT"
  | "TOO_MANY_REDIRECTS"
  | "RESPONSE_TOO_LARGE"
  | "ABORTED";

export interface EgressRequest {
  readonly method: string;
  readonly url: string;
  /** Without those that the transport owns (`Host`, `Content-Length`, `Connection`, ...): they are left out. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** For everything together: DNS, every redirect, the whole body. */
  readonly timeoutMs: number;
  /** Of the body as it travels; nothing is decompressed. */
  readonly maxBytes: number;
}

export interface EgressResponse {
  readonly status: number;
  /** Lower-case names; several values of one name are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** After redirects. */
  readonly url: string;
}

export type EgressResult =
  | { readonly ok: true; readonly response: EgressResponse }
  /** `message` speaks to the request's author and never tells which address a name stands for. */
  | { readonly ok: false; readonly failure: EgressFailure; readonly message: string };

/** What the operator allows beyond public https and http addresses. */
export interface EgressPolicy {
  /** Host names, addresses or CIDR ranges that are allowed although private, e.g. `127.0.0.1/32` or `internal.example`. */
  readonly allow: readonly string[];
  /** Plain http only to what `allow` names. Unless told so, to public addresses as well. */
  readonly requireHttps?: boolean;
}

/** The only way out for an address that a user can name. */
export interface Egress {
  fetch(request: EgressRequest, signal: AbortSignal): Promise<EgressResult>;
  /** Ends what is in flight with `ABORTED`, and answers so from then on. */
  close(): Promise<void>;
}
