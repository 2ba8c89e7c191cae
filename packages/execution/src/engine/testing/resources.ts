import type { EgressRequest, EgressResult } from "@gantry/egress";
import type { GenerateRequest, Generation, StreamPart } from "@gantry/providers";
import type { SandboxJob, SandboxResult } from "@gantry/sandbox";
import type { JsonValue, Plan } from "@gantry/workflow";
import type { RunBudget } from "../budget.ts";
import type { EngineResources } from "../engine.ts";
import type { BlockError, EngineEvent, ModelCharge } from "../events.ts";
import { runPlan } from "../run-plan.ts";

type Code = (inputs: Readonly<Record<string, unknown>>, signal: AbortSignal) => unknown;

/** In-memory implementations of the ports, which keep what they were asked. Change a field to change what they do. */
export class TestResources implements EngineResources {
  readonly jobs: SandboxJob[] = [];
  readonly requests: EgressRequest[] = [];
  readonly prompts: GenerateRequest[] = [];
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
  model: (request: GenerateRequest, signal: AbortSignal) => AsyncIterable<StreamPart> = () =>
    streamOf("Hello");
  credential: EngineResources["credential"] = () => ({
    kind: "found",
    credential: { provider: "anthropic", apiKey: "sk-platform-key", source: "platform" },
  });

  readonly now = (): number => {
    this.time += 1;
    return this.time;
  };
  readonly onInternalError = (error: unknown): void => {
    this.internalErrors.push(error);
  };
  readonly environment: EngineResources["environment"] = (name) => {
    this.deciphered.push(name);
    const value = this.secrets[name];
    if (value === undefined) return { kind: "missing" };
    return value === null ? { kind: "unreadable" } : { kind: "found", value };
  };
  readonly sandbox = {
    run: async (job: SandboxJob, signal: AbortSignal): Promise<SandboxResult> => {
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
  readonly providers = {
    anthropic: {
      generate: async (): Promise<Generation> => {
        throw new Error("The engine streams");
      },
      boundMicros: () => this.bound,
      stream: (_credential: unknown, request: GenerateRequest, signal: AbortSignal) => {
        this.prompts.push(request);
        return this.model(request, signal);
      },
    },
  };

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
    model: "model-1",
    stopReason: "end",
    usage: { inputTokens: 10, outputTokens: 20, cacheReadTokens: 3, cacheWriteTokens: 4 },
    costMicros: 500,
  };
}

export async function* streamOf(...texts: string[]): AsyncGenerator<StreamPart> {
  for (const text of texts) yield { type: "text", text };
  yield { type: "finish", generation: generation(texts.join("")) };
}

export interface TestRun {
  readonly input?: Readonly<Record<string, JsonValue>>;
  readonly signal?: AbortSignal;
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
  for await (const event of runPlan({ plan, input: run.input ?? {}, signal }, resources)) {
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
