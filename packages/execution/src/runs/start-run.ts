import type { InputProblem, Problem } from "@gantry/workflow";
import { couldStart } from "../admission/could-start.ts";
import type { Decision, PreflightTimings } from "../admission/decision.ts";
import type { Credential } from "../admission/facts.ts";
import {
  type PreflightDeps,
  type PreflightOutcome,
  type PreflightRequest,
  preflight,
} from "../admission/preflight.ts";
import { type Profile, profiles } from "../admission/profile.ts";
import type { RateNumbers } from "../admission/rate-numbers.ts";
import type { Refusal } from "../admission/refusal.ts";
import type { LiveRun } from "./live-run.ts";
import type { RefusalRecorder } from "./refusal-recorder.ts";
import { recordRefusal } from "./refused-run.ts";

export interface StartRequest {
  readonly credential: Credential;
  readonly workflowId: string;
  readonly input: unknown;
  /** The most that the run may cost, in micro-dollars, base charge included. Absent: what the payer's limits leave. */
  readonly maxCostMicros?: number | undefined;
}

export interface RefusedStart {
  readonly kind: "refused";
  readonly refusal: Refusal;
  readonly decision: Decision;
  readonly timings: PreflightTimings;
  /** Null when the refusal is not kept: the caller is unknown or may not know of the workflow. */
  readonly runId: string | null;
  readonly principalKnown: boolean;
  /** Null when no bucket applies, or the payer is not known. */
  readonly rate: RateNumbers | null;
}

/** `rate` as in `RefusedStart`. */
export type InvalidStart = { readonly rate: RateNumbers | null } & (
  | { readonly kind: "invalid_input"; readonly problems: readonly InputProblem[] }
  | { readonly kind: "invalid_definition"; readonly problems: readonly Problem[] }
);

export type StartOutcome = { readonly kind: "admitted"; readonly run: LiveRun } | RefusedStart | InvalidStart;

export interface StartDeps {
  readonly preflight: PreflightDeps;
  readonly refusals: RefusalRecorder;
  readonly newId: () => string;
  readonly now: () => number;
  readonly launch: (outcome: Extract<PreflightOutcome, { kind: "admitted" }>) => LiveRun;
}

/** Admits a run and starts it, or says why not. */
export async function startRun(deps: StartDeps, request: StartRequest): Promise<StartOutcome> {
  const runId = deps.newId();
  const profile = profileOf(request.credential);
  const outcome = await preflight(deps.preflight, preflightRequest(request, runId, profile), "spend");
  switch (outcome.kind) {
    case "admitted":
      return { kind: "admitted", run: deps.launch(outcome) };
    case "refused":
      return {
        kind: "refused",
        refusal: outcome.refusal,
        decision: outcome.decision,
        timings: outcome.timings,
        runId: recordRefusal(deps.refusals, { runId, profile, at: deps.now() }, outcome),
        principalKnown: outcome.facts !== null && outcome.facts.actor !== null,
        rate: outcome.rate,
      };
    case "invalid_input":
    case "invalid_definition":
      return outcome;
  }
}

export type ExplainOutcome =
  | {
      readonly kind: "explained";
      readonly decision: Decision;
      readonly timings: PreflightTimings;
      /** Null: such a run would be admitted now. */
      readonly refusal: Refusal | null;
      /** How many such runs could start now. Null: nothing limits their number. */
      readonly couldStart: number | null;
    }
  | InvalidStart;

/** What `startRun` would decide now. Spends and writes nothing. */
export async function explainRun(
  deps: Pick<StartDeps, "preflight" | "newId">,
  request: StartRequest,
): Promise<ExplainOutcome> {
  const profile = profileOf(request.credential);
  const asked = preflightRequest(request, deps.newId(), profile);
  const outcome = await preflight(deps.preflight, asked, "inspect");
  switch (outcome.kind) {
    case "admitted":
    case "refused": {
      const { decision, timings } = outcome;
      const refusal = outcome.kind === "refused" ? outcome.refusal : null;
      return { kind: "explained", decision, timings, refusal, couldStart: couldStart(decision) };
    }
    case "invalid_input":
    case "invalid_definition":
      return outcome;
  }
}

function preflightRequest(request: StartRequest, runId: string, profile: Profile): PreflightRequest {
  const { credential, workflowId, input, maxCostMicros = null } = request;
  return { credential, workflowId, input, maxCostMicros, runId, profile };
}

/** The server's choice: people in the editor run the draft, keys run what is deployed. Nothing in a request can change it. */
function profileOf(credential: Credential): Profile {
  switch (credential.kind) {
    case "session":
      return profiles.manual;
    case "api_key":
    case "none":
      return profiles.api;
  }
}
