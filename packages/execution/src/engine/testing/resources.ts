import type { EgressRequest, EgressResult } from "@gantry/egress";
import type { McpOpened, McpServer } from "@gantry/mcp";
import type {
  GenerateRequest,
  Generation,
  ModelProvider,
  ProviderId,
  StreamPart,
  ToolCall,
} from "@gantry/providers";
import type { SandboxJob, SandboxResult } from "@gantry/sandbox";
import type { JsonValue, Plan } from "@gantry/workflow";
import type { RunBudget } from "../budget.ts";
import type { ChildWorkflow, CredentialLookup, EngineResources } from "../engine.ts";
import type { BlockError, EngineEvent, ModelCharge } from "../events.ts";
import { runPlan } from "../run-plan.ts";

type Code = (inputs: Readonly<Record<string, unknown>>, signal: AbortSignal) => unknown;

/** In-memory implementations of the ports, which keep what they were asked. Change a field to change what they do. */
export class TestResources implements EngineResources {
  readonly jobs: SandboxJob[] = [];
  readonly requests: EgressRequest[] = [];
  readonly prompts: GenerateRequest[] = [];
  /** Which provider each of them was put to. */
  readonly asked: ProviderId[] = [];
  /** What was waited for, in milliseconds. */
  readonly pauses: number[] = [];
  readonly opened: McpServer[] = [];
  readonly deciphered: string[] = [];
  readonly internalErrors: unknown[] = [];
  /** Calls that have not come to rest. */
  active = 0;
  activeMax = 0;
  time = 1_000;
  /** The most that a model call can cost. */
  bound = 1_000;

  /** What sandboxed code does, by its source. `echo` returns the inputs, `wait` waits to be aborted. */
  code: Record<string, Code> = {
    echo: (inputs) => inputs,
    wait: (_inputs, signal) => aborted(signal),
    true: () => true,
    false: () => false,
  };
  secrets: Record<string, string | null> = {};
  answer: (request: EgressRequest) => EgressResult = () => answered(200, "ok");
  model: (request: GenerateRequest, signal: AbortSignal, provider: ProviderId) => AsyncIterable<StreamPart> =
    () => streamOf("Hello");
  credential: EngineResources["credential"] = platformKey;
  children: Record<string, ChildWorkflow> = {};
  server: (server: McpServer, signal: AbortSignal) => Promise<McpOpened> = async () => ({
    ok: false,
    failure: "UNKNOWN_SERVER",
    message: "There is no such server.",
  });
  /** How long pauses are is kept, not waited for. */
  pause: EngineResources["pause"] = async (ms) => {
    this.pauses.push(ms);
    this.time += ms;
  };
  random: EngineResources["random"] = () => 0.5;

  now: EngineResources["now"] = () => {
    this.time += 1;
    return this.time;
  };
  onInternalError: (error: unknown) => void = (error) => {
    this.internalErrors.push(error);
  };
  readonly environment: EngineResources["environment"] = (name) => {
    this.deciphered.push(name);
    const value = this.secrets[name];
    if (value === undefined) return { kind: "missing" };
    return value === null ? { kind: "unreadable" } : { kind: "found", value };
  };
  sandbox: EngineResources["sandbox"] = {
    run: async (job, signal) => {
      this.jobs.push(job);
      const code = this.code[job.source];
      if (code === undefined) throw new Error(`No code for ${job.source}`);
      return this.#counted(async () => {
        const value = await code(job.inputs, signal);
        if (value instanceof Failed) return { ok: false, ...value.fields, logs: [] };
        return { ok: true, value, logs: [] };
      });
    },
  };
  readonly egress = {
    fetch: async (request: EgressRequest): Promise<EgressResult> => {
      this.requests.push(request);
      return this.#counted(async () => this.answer(request));
    },
    close: async (): Promise<void> => undefined,
  };
  /** What was asked for, and what each granted call was charged; `reserve` decides. */
  readonly reserved: number[] = [];
  readonly ended: (ModelCharge | null)[] = [];
  reserve: (boundMicros: number) => BlockError | null = () => null;
  readonly budget: RunBudget = {
    reserve: async (boundMicros) => {
      this.reserved.push(boundMicros);
      const error = this.reserve(boundMicros);
      return error === null
        ? { ok: true, end: (charge) => void this.ended.push(charge) }
        : { ok: false, error };
    },
  };
  readonly mcp: EngineResources["mcp"] = {
    open: async (server, signal) => {
      this.opened.push(server);
      return await this.server(server, signal);
    },
  };
  readonly childWorkflow: EngineResources["childWorkflow"] = async (workflowId) =>
    this.children[workflowId] ?? { kind: "missing" };
  readonly providers: EngineResources["providers"] = {
    anthropic: this.#provider("anthropic"),
    "azure-anthropic": this.#provider("azure-anthropic"),
    bedrock: this.#provider("bedrock"),
    vllm: this.#provider("vllm"),
    openai: this.#provider("openai"),
    groq: this.#provider("groq"),
    cerebras: this.#provider("cerebras"),
    google: this.#provider("google"),
  };

  #provider(id: ProviderId): ModelProvider {
    return {
      generate: async (): Promise<Generation> => {
        throw new Error("The engine streams");
      },
      boundMicros: () => this.bound,
      stream: (_credential, request, signal) => {
        this.prompts.push(request);
        this.asked.push(id);
        return this.model(request, signal, id);
      },
    };
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.active += 1;
    this.activeMax = Math.max(this.activeMax, this.active);
    try {
      return await work();
    } finally {
      this.active -= 1;
    }
  }
}

/** What code of `TestResources` returns to fail as the sandbox does. */
export class Failed {
  readonly fields: Pick<Extract<SandboxResult, { ok: false }>, "failure" | "message">;
  constructor(failure: Extract<SandboxResult, { ok: false }>["failure"], message: string) {
    this.fields = { failure, message };
  }
}

export async function aborted(signal: AbortSignal): Promise<Failed> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  return new Failed("ABORTED", "The code was stopped.");
}

export function answered(status: number, body: string, headers: Record<string, string> = {}): EgressResult {
  return { ok: true, response: { status, headers, body: new TextEncoder().encode(body), url: "" } };
}

export function generation(text: string): Generation {
  return {
    text,
    json: null,
    toolCalls: [],
    continuation: null,
    model: "model-1",
    stopReason: "end",
    usage: {
      inputTokens: 10,
      outputTokens: 20,
      reasoningTokens: 5,
      cacheReadTokens: 3,
      cacheWriteTokens: 4,
    },
    costMicros: 500,
  };
}

export async function* streamOf(...texts: string[]): AsyncGenerator<StreamPart> {
  for (const text of texts) yield { type: "text", text };
  yield { type: "finish", generation: generation(texts.join("")) };
}

/** An answer that calls tools: `["name", arguments]`, the arguments as text or to be written as JSON. */
export async function* callOf(
  ...calls: readonly (readonly [name: string, args: JsonValue])[]
): AsyncGenerator<StreamPart> {
  const toolCalls = calls.map(
    ([name, args], index): ToolCall => ({
      id: `call-${index}`,
      name,
      arguments: typeof args === "string" ? args : JSON.stringify(args),
    }),
  );
  for (const call of toolCalls) yield { type: "tool_call", call };
  yield { type: "finish", generation: { ...generation(""), toolCalls, stopReason: "tool_calls" } };
}

/** The text that the user's message of a request carries. */
export function promptOf(request: GenerateRequest): string {
  const [first] = request.messages;
  if (first?.role !== "user") throw new Error("The first message is not the user's");
  return first.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** How many answers of the model a request follows. */
export function roundsBefore(request: GenerateRequest): number {
  return request.messages.filter(({ role }) => role === "assistant").length;
}

/** A key of the installation for any provider. */
export async function platformKey(provider: ProviderId): Promise<CredentialLookup> {
  const common = { apiKey: "sk-platform-key", source: "platform" } as const;
  switch (provider) {
    case "azure-anthropic":
    case "vllm":
      return { kind: "found", credential: { ...common, provider, baseUrl: "https://models.example" } };
    case "bedrock": {
      const identity = { kind: "default_chain" } as const;
      return { kind: "found", credential: { provider, source: "platform", region: "us-east-1", identity } };
    }
    case "anthropic":
    case "openai":
      return { kind: "found", credential: { ...common, provider } };
    case "groq":
    case "cerebras":
    case "google":
      return { kind: "found", credential: { ...common, provider } };
  }
}

export interface TestRun {
  readonly input?: Readonly<Record<string, JsonValue>>;
  readonly signal?: AbortSignal;
  readonly deadlineAt?: number;
}

/** All events of a run, told to the end; `onEvent` sees each one as it comes. */
export async function play(
  plan: Plan,
  resources: EngineResources,
  run: TestRun = {},
  onEvent: (event: EngineEvent) => void = () => undefined,
): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  const signal = run.signal ?? new AbortController().signal;
  const { input = {}, deadlineAt = null } = run;
  for await (const event of runPlan({ plan, input, signal, deadlineAt }, resources)) {
    events.push(event);
    onEvent(event);
  }
  return events;
}

/** `["run.started", "block.started A", ...]` */
export function outline(events: readonly EngineEvent[]): string[] {
  return events.map((event) => ("blockId" in event ? `${event.type} ${event.blockId}` : event.type));
}

export function pick<T extends EngineEvent["type"]>(
  events: readonly EngineEvent[],
  type: T,
): Extract<EngineEvent, { type: T }>[] {
  return events.filter((event): event is Extract<EngineEvent, { type: T }> => event.type === type);
}
