import type { Directives, FaultPlace } from "./directives.ts";

const directivePattern = /\[\[([a-z-]+)(?:\s+([\s\S]*?))?\]\]/g;

/** Reads every directive of a prompt; `rest` is the prompt without them. Brackets that are no directive stay in it. */
export function parseDirectives(prompt: string): { readonly directives: Directives; readonly rest: string } {
  let directives = noDirectives;
  const rest = prompt.replaceAll(directivePattern, (source, name: string, args: string | undefined = "") => {
    const found = read(name, args);
    if (found === null) return source;
    directives = { ...directives, ...found };
    return "";
  });
  return { directives, rest: rest.trim() };
}

/** What a directive sets; null when it is none. */
function read(name: string, args: string): Partial<Directives> | null {
  switch (name) {
    case "error":
      return {
        error: {
          status: Number(/^\d+/.exec(args)?.[0] ?? 500),
          type: setting(args, "type"),
          retryAfterSeconds: numberSetting(args, "retry-after"),
          echoKey: args.includes("echo-key"),
        },
      };
    case "overloaded":
      return { overloaded: { retryAfterSeconds: numberSetting(args, "retry-after") } };
    case "bad-key":
      return { badKey: true };
    case "error-event":
      return { errorEvent: { type: args.trim() === "" ? null : args.trim() } };
    case "say":
      return { say: args };
    case "say-key":
      return { sayKey: true };
    case "tokens":
      return { outputTokens: Number(args) };
    case "tool":
      return { callTools: args.split(/\s+/).filter((tool) => tool !== "") };
    case "preface":
      return { preface: args };
    case "oversize":
      return { oversizeMb: Number(args) };
    case "refuse":
      return { stopReason: "refusal" };
    case "filter":
      return { stopReason: "filtered" };
    case "cache":
      return { cache: { read: numberSetting(args, "read") ?? 0, write: numberSetting(args, "write") ?? 0 } };
    case "usage":
      return {
        usage: {
          input: numberSetting(args, "input"),
          output: numberSetting(args, "output"),
          reasoning: numberSetting(args, "reasoning"),
        },
      };
    case "latency":
      return { latencyMs: Number(args) };
    case "pace":
      return { paceMs: Number(args) };
    case "hang":
      return { fault: { kind: "hang" } };
    case "stall":
      return { fault: { kind: "stall", place: args === "" ? "opening" : placeOf(args) } };
    case "cut":
    case "truncate":
      return { fault: { kind: name, place: placeOf(args) } };
    default:
      return null;
  }
}

const noDirectives: Directives = {
  error: null,
  overloaded: null,
  badKey: false,
  errorEvent: null,
  say: null,
  sayKey: false,
  outputTokens: null,
  callTools: null,
  preface: null,
  oversizeMb: null,
  stopReason: null,
  cache: { read: 0, write: 0 },
  usage: { input: null, output: null, reasoning: null },
  latencyMs: null,
  paceMs: null,
  fault: null,
};

function placeOf(args: string): FaultPlace {
  return args === "end" || args === "final" ? args : "half";
}

function setting(args: string, name: string): string | null {
  return new RegExp(`(?:^|\\s)${name}=(\\S+)`).exec(args)?.[1] ?? null;
}

function numberSetting(args: string, name: string): number | null {
  const value = setting(args, name);
  return value === null ? null : Number(value);
}
