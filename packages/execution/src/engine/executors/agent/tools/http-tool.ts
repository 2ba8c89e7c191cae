import type { AgentTool } from "@gantry/workflow";
import type { BlockContext } from "../../../block-executor.ts";
import { engineLimits } from "../../../limits.ts";
import { percentEncode } from "../../../percent-encode.ts";
import { responseBody } from "../../response-body.ts";
import { type Tool, type ToolArguments, toolError, valueAnswer } from "./tool.ts";

type HttpTool = Extract<AgentTool, { type: "http" }>;

export interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One request; the result is `{ status, body }` as JSON. A status of 400 or more is an error that carries its body. */
export function httpTool(tool: HttpTool, address: Address, { resources, signal }: BlockContext): Tool["run"] {
  return async (args) => {
    const fetched = await resources.egress.fetch(
      {
        method: tool.method,
        ...requestOf(tool.method, address, args),
        timeoutMs: tool.timeoutMs ?? engineLimits.httpTimeoutMs,
        maxBytes: tool.maxBytes ?? engineLimits.httpBodyBytes,
      },
      signal,
    );
    if (!fetched.ok) return toolError(fetched.message);
    const { status, headers, body } = fetched.response;
    const told = { status, body: responseBody(headers["content-type"], body) };
    return valueAnswer(told, status >= 400);
  };
}

/** The arguments go into the query of a request that has no body, else they are its JSON body. */
function requestOf(method: HttpTool["method"], { url, headers }: Address, args: ToolArguments) {
  switch (method) {
    case "GET":
    case "HEAD":
    case "DELETE":
      return { url: withQuery(url, args), headers, body: null };
    case "POST":
    case "PUT":
    case "PATCH": {
      const hasType = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
      const typed = hasType ? headers : { ...headers, "content-type": "application/json" };
      return { url, headers: typed, body: JSON.stringify(args) };
    }
  }
}

/** What the author wrote of the URL stays as it is, to the letter: some are signed. */
function withQuery(url: string, args: ToolArguments): string {
  const query = Object.entries(args)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return `${percentEncode(name)}=${percentEncode(text)}`;
    })
    .join("&");
  if (query === "") return url;
  const [address = "", ...fragment] = url.split("#");
  const joined = `${address}${address.includes("?") ? "&" : "?"}${query}`;
  return [joined, ...fragment].join("#");
}
