import type { EgressFailure } from "@gantry/egress";
import { type BlockExecutor, completed, failed } from "../block-executor.ts";
import type { BlockErrorCode } from "../events.ts";
import { engineLimits } from "../limits.ts";
import { responseBody } from "./response-body.ts";
import { unsafeRequest } from "./unsafe-request.ts";

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
    const unsafe = unsafeRequest(input);
    if (unsafe !== null) return failed("INVALID_INPUT", unsafe);
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
