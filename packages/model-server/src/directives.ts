/** How the server's answer departs from the default. Written into a prompt as `[[name arguments]]`. */
export interface Directives {
  /** `[[error 429 retry-after=2]]`; with `echo-key` the message repeats the caller's key, as careless gateways do. */
  readonly error: {
    readonly status: number;
    readonly retryAfterSeconds: number | null;
    readonly echoKey: boolean;
  } | null;
  /** `[[error-event overloaded_error]]`: an error event after half of the answer. */
  readonly errorEvent: string | null;
  /** `[[tokens 200]]` */
  readonly outputTokens: number | null;
  /** `[[latency 500]]`: milliseconds before the first token. */
  readonly latencyMs: number | null;
  /** `[[pace 20]]`: milliseconds between chunks. */
  readonly paceMs: number | null;
  /** `[[cache read=100 write=50]]`: tokens reported as served from, or written to, the prompt cache. */
  readonly cache: { readonly read: number; readonly write: number };
  /** `[[say ...]]`: the exact answer. */
  readonly say: string | null;
  /**
   * `[[hang]]`: nothing at all. `[[stall]]`: headers and the first event, then silence. `[[cut]]`: the connection is destroyed after
   * half of the answer. `[[truncate]]`: the stream ends politely after half of the answer, without its final events.
   * `[[refuse]]`: stop reason `refusal`.
   */
  readonly fault: Fault | null;
}

export type Fault = (typeof faults)[number];
const faults = ["hang", "stall", "cut", "truncate", "refuse"] as const;

const directivePattern = /\[\[(say|[a-z-]+)(?:\s+([\s\S]*?))?\]\]/g;

/** Reads every directive of a prompt; `rest` is the prompt without them. Brackets that are no directive stay in it. */
export function parseDirectives(prompt: string): { readonly directives: Directives; readonly rest: string } {
  const found: { -readonly [K in keyof Directives]: Directives[K] } = {
    error: null,
    errorEvent: null,
    outputTokens: null,
    latencyMs: null,
    paceMs: null,
    cache: { read: 0, write: 0 },
    say: null,
    fault: null,
  };

  const rest = prompt.replaceAll(directivePattern, (source, name: string, args: string | undefined = "") => {
    const value = Number(args);
    if (name === "error") {
      found.error = {
        status: Number(/^\d+/.exec(args)?.[0] ?? 500),
        retryAfterSeconds: setting(args, "retry-after"),
        echoKey: args.includes("echo-key"),
      };
    } else if (name === "error-event") found.errorEvent = args.trim();
    else if (name === "tokens") found.outputTokens = value;
    else if (name === "latency") found.latencyMs = value;
    else if (name === "pace") found.paceMs = value;
    else if (name === "cache")
      found.cache = { read: setting(args, "read") ?? 0, write: setting(args, "write") ?? 0 };
    else if (name === "say") found.say = args;
    else {
      const fault = faults.find((fault) => fault === name);
      if (fault === undefined) return source;
      found.fault = fault;
    }
    return "";
  });
  return { directives: found, rest: rest.trim() };
}

function setting(args: string, name: string): number | null {
  const match = new RegExp(`(?:^|\\s)${name}=(\\d+(?:\\.\\d+)?)`).exec(args);
  return match?.[1] === undefined ? null : Number(match[1]);
}
