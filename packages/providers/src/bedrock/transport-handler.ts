import type { Transport } from "../transport.ts";

/** A signed request of the AWS SDK, as far as it is read here. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  /** Encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/**
 * Sends the AWS SDK's requests over a transport, in place of the SDK's own handlers. Its default opens an HTTP/2 connection for
 * every call; its handler over `node:https` would need a second pool beside the process's, and ends neither a body that
 * stalls nor one without an end. Over the transport a call shares connections, time limits and the bound on its response
 * with every other provider. The default chain's calls for credentials (STS, SSO) come this way too, hence the query.
 */
export function transportHandler(transport: Transport) {
  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle(request: SdkRequest, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) {
      const response = await transport.fetch(urlOf(request), {
        method: request.method,
        headers: headersOf(request),
        body: bodyOf(request),
        signal: abortSignal ?? null,
      });
      return {
        response: {
          statusCode: response.status,
          reason: response.statusText,
          headers: Object.fromEntries(response.headers),
          body: response.body ?? new Uint8Array(),
        },
      };
    },
    /** The connections are not the client's. */
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

function urlOf({ protocol, hostname, port, path, query }: SdkRequest): string {
  const parameters = Object.entries(query ?? {}).flatMap(([name, value]) => {
    const values = value === null ? [""] : typeof value === "string" ? [value] : value;
    return values.map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`);
  });
  const search = parameters.length === 0 ? "" : `?${parameters.join("&")}`;
  return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}${search}`;
}

/** `fetch` makes these two by itself, the same as were signed. */
function headersOf({ headers }: SdkRequest): [string, string][] {
  return Object.entries(headers).filter(([name]) => !/^(?:host|content-length)$/i.test(name));
}

function bodyOf({ method, body }: SdkRequest): string | Uint8Array<ArrayBuffer> | null {
  return method === "GET" || method === "HEAD" ? null : (body ?? null);
}
