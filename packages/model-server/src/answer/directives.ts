/**
 * How an answer departs from the default. Written into a prompt as `[[name arguments]]`, several of them if need be;
 * the newest prompt counts, and in a tool round that is the text of the tools' results. Every directive means the
 * same on every wire.
 */
export interface Directives {
  /**
   * `[[error 429 retry-after=2]]`: this status, in the wire's error shape. `retry-after` is in seconds, fractions
   * allowed; Gemini says it in the body, as the real one does. `type=...` replaces the name that the wire has for the
   * status (`[[error 429 type=insufficient_quota]]`). With `echo-key` the message repeats the caller's key, as
   * careless gateways do.
   */
  readonly error: {
    readonly status: number;
    readonly type: string | null;
    readonly retryAfterSeconds: number | null;
    readonly echoKey: boolean;
  } | null;
  /**
   * `[[overloaded retry-after=2]]`: what the provider answers when it is overloaded: 529 on Anthropic's wire, 503 on
   * the others.
   */
  readonly overloaded: { readonly retryAfterSeconds: number | null } | null;
  /** `[[bad-key]]`: as if the key were wrong. */
  readonly badKey: boolean;
  /**
   * `[[error-event]]`, `[[error-event overloaded_error]]`: an error after half of a stream; the name is the wire's
   * own, or its default.
   */
  readonly errorEvent: { readonly type: string | null } | null;

  /** `[[say ...]]`: the exact answer; of a tool call its arguments. Also how to get output that breaks its schema. */
  readonly say: string | null;
  /** `[[say-key]]`: the answer is one token, the first eight digits of what `stats` tells the caller's key as. */
  readonly sayKey: boolean;
  /** `[[tokens 200]]`: an answer of so many tokens. */
  readonly outputTokens: number | null;
  /**
   * `[[tool weather]]` calls it, `[[tool weather stock weather]]` three in parallel, `[[tool]]` every tool of the
   * request. Nothing is called when the request offers no tool or forbids calls; a name that it does not offer is
   * called all the same. Arguments are made up from the schema. Null: only a call that the request forces.
   */
  readonly callTools: readonly string[] | null;
  /** `[[preface Let me look.]]`: text before the tool calls. */
  readonly preface: string | null;
  /** `[[oversize 20]]`: an answer of so many megabytes; with `[[error ...]]`, a message of so many. */
  readonly oversizeMb: number | null;
  /** `[[refuse]]`: the model refuses. `[[filter]]`: the provider's filter ends the answer. */
  readonly stopReason: "refusal" | "filtered" | null;

  /** `[[cache read=100 write=50]]`: tokens reported as served from, or written to, the prompt cache. */
  readonly cache: { readonly read: number; readonly write: number };
  /**
   * `[[usage input=1000 output=50 reasoning=20]]`: the counts that are reported, whatever was said. Each may be left
   * out.
   */
  readonly usage: {
    readonly input: number | null;
    readonly output: number | null;
    readonly reasoning: number | null;
  };

  /** `[[latency 500]]`: milliseconds before the first token. */
  readonly latencyMs: number | null;
  /** `[[pace 20]]`: milliseconds between chunks. */
  readonly paceMs: number | null;
  readonly fault: Fault | null;
}

/**
 * `[[hang]]`: nothing at all. `[[stall]]`: headers and, on wires that have one, the event that opens a stream; then
 * silence. `[[cut]]`: the connection is destroyed after half of the answer. `[[truncate]]`: the answer ends politely
 * there. All but the first take a place: `[[stall half]]` and `[[cut]]` are in the middle, `[[cut end]]` is after the
 * last token, before what closes a stream, and `[[cut final]]` lacks only the last event that a client can see. An
 * answer that is no stream always breaks in its half, and stalls with its headers.
 */
export type Fault =
  | { readonly kind: "hang" }
  | { readonly kind: "stall"; readonly place: FaultPlace | "opening" }
  | { readonly kind: "cut" | "truncate"; readonly place: FaultPlace };

export type FaultPlace = "half" | "end" | "final";
