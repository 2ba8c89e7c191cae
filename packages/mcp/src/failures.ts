import { EgressRefused } from "@gantry/egress";
import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpError } from "@modelcontextprotocol/sdk/types.js";
import type { McpFailure } from "./port.ts";

export interface FailedResult {
  readonly ok: false;
  readonly failure: McpFailure;
  readonly message: string;
}

export function failed(failure: McpFailure, message: string): FailedResult {
  return { ok: false, failure, message };
}

/** A failure that this side decides on. `message` is for the workflow's author. */
export class McpProblem extends Error {
  override readonly name = "McpProblem";
  readonly failure: McpFailure;

  constructor(failure: McpFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** The one place where an error of the SDK, the guard or the connection becomes a failure. No word of it is shown unless it is ours. */
export function failureOf(error: unknown): FailedResult {
  if (error instanceof McpProblem) return failed(error.failure, error.message);
  if (error instanceof EgressRefused) return refused(error);
  if (error instanceof StreamableHTTPError) return answered(error.code ?? -1);
  if (error instanceof McpError) return told(error);
  const code = causeCode(error);
  if (code !== null) return unreachable(code);
  if (error instanceof TypeError) return failed("CONNECTION_FAILED", "The MCP server cannot be reached");
  if (error instanceof Error) return failed("PROTOCOL_ERROR", "The MCP server's answer cannot be read");
  throw error;
}

function refused({ failure, message }: EgressRefused): FailedResult {
  if (failure === "DNS_FAILED" || failure === "TOO_MANY_REDIRECTS")
    return failed("CONNECTION_FAILED", message);
  return failed("ADDRESS_NOT_ALLOWED", message);
}

/** Of `StreamableHTTPError`: an HTTP status, or -1 for a content type that is none of the protocol's. */
function answered(status: number): FailedResult {
  if (status < 0)
    return failed("PROTOCOL_ERROR", "The MCP server's answer is neither JSON nor an event stream");
  if (status >= 300 && status < 400) {
    return failed(
      "ADDRESS_NOT_ALLOWED",
      "The MCP server redirects to another address, which is not followed",
    );
  }
  return failed("CONNECTION_FAILED", `The MCP server answered with HTTP status ${status}`);
}

function told(error: McpError): FailedResult {
  // Only this side can put an `Error` there (see `connectHttp`); what a server sends is JSON.
  if (error.data instanceof Error) return failureOf(error.data);
  return failed("PROTOCOL_ERROR", `The MCP server answered with error ${error.code}`);
}

function unreachable(code: string): FailedResult {
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
    return failed("TIMED_OUT", "The MCP server stopped answering");
  }
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
    return failed("RESPONSE_TOO_LARGE", "The MCP server's answer is larger than is read here");
  }
  return failed("CONNECTION_FAILED", `The MCP server cannot be reached (${code})`);
}

/** The first code along the chain of causes. ZodError and others have none. */
function causeCode(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return null;
}
