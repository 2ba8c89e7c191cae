export type EgressFailure =
  | "INVALID_URL"
  | "SCHEME_NOT_ALLOWED"
  | "PORT_NOT_ALLOWED"
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
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
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
  | { readonly ok: false; readonly failure: EgressFailure; readonly message: string };

/** What the operator allows beyond public https and http addresses. */
export interface EgressPolicy {
  /** Host names or CIDR ranges that are allowed although private, e.g. `127.0.0.1/32` or `internal.example`. */
  readonly allow: readonly string[];
}

/** The only way out for an address that a user can name. */
export interface Egress {
  fetch(request: EgressRequest, signal: AbortSignal): Promise<EgressResult>;
  close(): Promise<void>;
}
