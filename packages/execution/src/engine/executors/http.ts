import type { EgressFailure } from "@gantry/egress";
import { type BlockExecutor, type BlockOutcome, completed, failed } from "../block-executor.ts";
import type { BlockErrorCode } from "../events.ts";
import { engineLimits } from "../limits.ts";
import { responseBody } from "./response-body.ts";

/**
 * One request. Whatever status the server answers with, the block has completed: a 404 may be what the workflow asks
 * about, and a condition can read `status`. The block fails when there is no whole answer.
 */
export const httpExecutor: BlockExecutor<"http"> = {
  input: (block, renderer) => ({
    method: block.block.method,
    url: renderer.url(block.templates.url),
    headers: renderer.texts(block.templates.headers),
    body: block.templates.body === null ? null : renderer.text(block.templates.body),
  }),
  run: async (block, input, context) => {
    const refusal = refuseUnsafe(input);
    if (refusal !== null) return refusal;
    const result = await context.resources.egress.fetch(
      {
        ...input,
        timeoutMs: block.block.timeoutMs ?? engineLimits.httpTimeoutMs,
        maxBytes: block.block.maxBytes ?? engineLimits.httpBodyBytes,
      },
      context.signal,
    );
    if (!result.ok) return failed(codes[result.failure], result.message, retryable.has(result.failure));
    const { status, headers, body } = result.response;
    return completed({ status, headers, body: responseBody(headers["content-type"], body) });
  },
};

/** Line breaks in a header would let a value write headers of its own, or a second request. Names were checked by compile. */
function refuseUnsafe(input: {
  url: string;
  headers: Readonly<Record<string, string>>;
}): BlockOutcome | null {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(input.url)) {
    return failed("INVALID_INPUT", "The URL holds a line break or another control character.");
  }
  for (const [name, value] of Object.entries(input.headers)) {
    if (!/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value)) {
      return failed(
        "INVALID_INPUT",
        `The value of header "${name}" holds a line break or another character that a header cannot carry.`,
      );
    }
  }
  return null;
}

const codes: Readonly<Record<EgressFailure, BlockErrorCode>> = {
  INVALID_URL: "INVALID_INPUT",
  SCHEME_NOT_ALLOWED: "ADDRESS_REFUSED",
  PORT_NOT_ALLOWED: "ADDRESS_REFUSED",
  ADDRESS_NOT_ALLOWED: "ADDRESS_REFUSED",
  DNS_FAILED: "REQUEST_FAILED",
  CONNECTION_FAILED: "REQUEST_FAILED",
  TIMED_OUT: "REQUEST_FAILED",
  TOO_MANY_REDIRECTS: "REQUEST_FAILED",
  RESPONSE_TOO_LARGE: "RESPONSE_TOO_LARGE",
  ABORTED: "CANCELLED",
};

const retryable: ReadonlySet<EgressFailure> = new Set(["DNS_FAILED", "CONNECTION_FAILED", "TIMED_OUT"]);
