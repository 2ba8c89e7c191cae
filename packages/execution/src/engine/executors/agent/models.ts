import type { GenerateRequest, Generation, ProviderId, TokenUsage } from "@gantry/providers";
import type { BlockContext } from "../../block-executor.ts";
import type { BlockError } from "../../events.ts";
import { attempt } from "./attempts.ts";
import { callModel } from "./model-call.ts";
import { addUsage, noUsage } from "./usage.ts";

export interface ModelChoice {
  readonly provider: ProviderId;
  readonly model: string;
}

/** The models of one agent block: its own and those that it falls back to. */
export interface Models {
  /** Asks the first model that has not failed so far. One that failed is not asked again in this block. */
  ask(request: Omit<GenerateRequest, "model">): Promise<ModelAnswer>;
  /** Of every call so far, those that failed included. */
  usage(): TokenUsage;
}

export type ModelAnswer =
  | { readonly ok: true; readonly provider: ProviderId; readonly generation: Generation }
  | { readonly ok: false; readonly error: BlockError };

export function createModels(choices: readonly ModelChoice[], context: BlockContext): Models {
  const left = [...choices];
  /** Of models that were given up, in their order. */
  const failures: string[] = [];
  let calls = 0;
  let usage = noUsage;

  async function askOne({ provider, model }: ModelChoice, request: Omit<GenerateRequest, "model">) {
    return await attempt(() => {
      calls += 1;
      const onUsage = (used: TokenUsage): void => {
        usage = addUsage(usage, used);
      };
      return callModel({ provider, request: { ...request, model }, number: calls, onUsage }, context);
    }, context);
  }

  return {
    async ask(request) {
      for (let choice = left[0]; choice !== undefined; choice = left[0]) {
        const end = await askOne(choice, request);
        if (end.ok) return { ok: true, provider: choice.provider, generation: end.generation };
        const { error, elsewhere } = end.failure;
        failures.push(`${choice.provider} ${choice.model}: ${error.message}`);
        if (!elsewhere || left.length === 1) return { ok: false, error: tellAll(error, failures) };
        left.shift();
      }
      throw new Error("An agent block has no model left to ask.");
    },
    usage: () => usage,
  };
}

function tellAll(error: BlockError, failures: readonly string[]): BlockError {
  return failures.length === 1 ? error : { ...error, message: `No model answered. ${failures.join(" ")}` };
}
