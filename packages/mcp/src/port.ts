/** Where the tools come from. */
export type McpServer =
  /** Named by a workflow's author: streamable HTTP, behind the guard on addresses. */
  | { readonly kind: "http"; readonly url: string; readonly headers: Readonly<Record<string, string>> }
  /** Set up by the operator, who started a process for it or named its address. */
  | { readonly kind: "operator"; readonly name: string };

export interface McpTool {
  readonly name: string;
  readonly description: string;
  /** A JSON schema of type object. */
  readonly parameters: { readonly [key: string]: unknown };
}

export type McpFailure =
  | "UNKNOWN_SERVER"
  | "ADDRESS_NOT_ALLOWED"
  | "CONNECTION_FAILED"
  | "TIMED_OUT"
  | "RESPONSE_TOO_LARGE"
  | "PROTOCOL_ERROR"
  | "ABORTED";

/** `message` is a sentence for the workflow's author: no secret, no address that a name stands for. */
export type McpOpened =
  | { readonly ok: true; readonly session: McpSession }
  | { readonly ok: false; readonly failure: McpFailure; readonly message: string };

/** `text`: what the tool answered, its parts joined; parts that are no text are named, not shown. */
export type McpCallResult =
  | { readonly ok: true; readonly text: string; readonly isError: boolean }
  | { readonly ok: false; readonly failure: McpFailure; readonly message: string };

/** One conversation with one server, for one agent block. */
export interface McpSession {
  readonly tools: readonly McpTool[];
  call(name: string, args: { readonly [key: string]: unknown }, signal: AbortSignal): Promise<McpCallResult>;
  close(): Promise<void>;
}

/** Every MCP server that a run may reach. Expected failures are values. */
export interface McpServers {
  open(server: McpServer, signal: AbortSignal): Promise<McpOpened>;
  /** Ends every session and every process. */
  close(): Promise<void>;
}
