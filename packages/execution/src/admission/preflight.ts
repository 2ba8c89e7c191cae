import { type BillingConfig, type Limits, limitsOf } from "@gantry/billing";
import { type InputProblem, type JsonValue, type Plan, type Problem, parseInput } from "@gantry/workflow";
import type postgres from "postgres";
import type { CompiledVersion, CompiledVersions } from "../caches.ts";
import type { ClaimAnswer, ClaimRequest, ClaimStore } from "../claim/port.ts";
import { claimRequest } from "./claim-request.ts";
import { judgeClaim } from "./claim-verdicts.ts";
import { completeDecision, type Decision, type GateVerdict, type PreflightTimings } from "./decision.ts";
import { resolveDefinition } from "./definition.ts";
import { type Credential, type Facts, readFacts } from "./facts.ts";
import { type Admissible, judge } from "./judge.ts";
import { startPreflightClock } from "./preflight-clock.ts";
import type { Profile } from "./profile.ts";
import { type Refusal, refuse } from "./refusal.ts";
import { within } from "./within.ts";

export interface PreflightDeps {
  /** The primary, through a pool that does nothing else. */
  readonly sql: postgres.Sql;
  readonly claims: ClaimStore;
  readonly versions: CompiledVersions;
  readonly billing: BillingConfig;
  /** This process, as its leases name it. */
  readonly holder: string;
  readonly leaseMs: number;
  /** How long a store may take to answer before the run is refused as ADMISSION_UNAVAILABLE. */
  readonly storeTimeoutMs: number;
  /** Monotonic milliseconds, for durations. */
  readonly monotonic: () => number;
  /** Told why admission was unavailable. */
  readonly onUnavailable: (error: unknown, runId: string) => void;
  /** Told of a claim whose answer never came. */
  readonly onClaimUnanswered: (runId: string) => void;
}

export interface PreflightRequest {
  readonly runId: string;
  readonly credential: Credential;
  readonly profile: Profile;
  readonly workflowId: string;
  readonly input: unknown;
}

/** Spend: take the claim. Inspect: ask what it would answer. */
export type PreflightMode = "spend" | "inspect";

/** All that an admitted run carries on. */
export interface Admission extends Admissible {
  readonly runId: string;
  readonly plan: Plan;
  readonly input: Readonly<Record<string, JsonValue>>;
  readonly version: { readonly id: string; readonly number: number } | null;
  readonly limits: Limits;
  readonly claim: ClaimRequest;
}

/** What the rate gate saw, for the RateLimit headers. */
export interface RateNumbers {
  readonly counter: "sync" | "async";
  readonly remaining: number;
  readonly capacity: number;
  readonly perMinute: number;
}

interface Answered {
  readonly decision: Decision;
  readonly timings: PreflightTimings;
  /** Null when no bucket applies, or the claim was not reached. */
  readonly rate: RateNumbers | null;
}

export type PreflightOutcome =
  | (Answered & { readonly kind: "admitted"; readonly admission: Admission })
  | (Answered & { readonly kind: "refused"; readonly refusal: Refusal; readonly facts: Facts | null })
  | { readonly kind: "invalid_input"; readonly problems: readonly InputProblem[] }
  | { readonly kind: "invalid_definition"; readonly problems: readonly Problem[] };

/** Everything between an authenticated request and the first block: facts, gates, definition, claim. Two round trips. */
export async function preflight(
  deps: PreflightDeps,
  request: PreflightRequest,
  mode: PreflightMode,
): Promise<PreflightOutcome> {
  const clock = startPreflightClock(deps.monotonic);
  let verdicts: readonly GateVerdict[] = [];
  let facts: Facts | null = null;
  const refused = (refusal: Refusal, rate: RateNumbers | null = null): PreflightOutcome => ({
    kind: "refused",
    refusal,
    decision: completeDecision(verdicts),
    timings: clock.timings(),
    rate,
    facts,
  });

  try {
    const held = request.profile.definition === "active" ? deps.versions.latestOf(request.workflowId) : null;
    facts = await clock.time("factsMs", () => readFactsInTime(deps, request, held));

    const context = { facts, profile: request.profile, billing: deps.billing };
    const judgement = clock.timeSync("gatesMs", () => judge(context));
    verdicts = judgement.verdicts;
    if (judgement.kind === "refuse") return refused(refuse(judgement.code, judgement.numbers));
    const { admissible } = judgement;

    const definition = clock.timeSync("definitionMs", () =>
      resolveDefinition(deps.versions, admissible.workflow, request.profile, held),
    );
    if (definition.kind === "invalid") return { kind: "invalid_definition", problems: definition.problems };
    clock.definition(definition.source);
    const input = parseInput(definition.plan, request.input);
    if (!input.ok) return { kind: "invalid_input", problems: input.problems };

    const limits = limitsOf(deps.billing, admissible.payer.standing.subscription, admissible.payer.overrides);
    const version = definition.version;
    const claim = claimRequest(deps, request, admissible, limits, version, input.input, verdicts);
    const answer = await clock.time("claimMs", () => ask(deps, claim, mode));
    const rate = rateNumbers(claim, answer);
    const claimed = judgeClaim(verdicts, claim, answer, limits);
    verdicts = claimed.verdicts;
    if (claimed.kind === "refuse")
      return refused(refuse(claimed.code, claimed.numbers, claimed.retryAfterMs), rate);

    const admission: Admission = {
      ...admissible,
      runId: request.runId,
      plan: definition.plan,
      input: input.input,
      version,
      limits,
      claim,
    };
    return { kind: "admitted", admission, decision: verdicts, timings: clock.timings(), rate };
  } catch (error) {
    // Closed, never open: whatever could not be answered refuses, and says that it is not the caller's fault.
    deps.onUnavailable(error, request.runId);
    return refused(refuse("ADMISSION_UNAVAILABLE", {}, unavailableRetryMs));
  }
}

const unavailableRetryMs = 1_000;

function readFactsInTime(
  deps: PreflightDeps,
  request: PreflightRequest,
  held: CompiledVersion | null,
): Promise<Facts> {
  const facts = readFacts(deps.sql, {
    credential: request.credential,
    workflowId: request.workflowId,
    definition: request.profile.definition,
    compiledVersionId: held?.versionId ?? null,
  });
  return within(deps.storeTimeoutMs, facts, "the facts");
}

async function ask(deps: PreflightDeps, claim: ClaimRequest, mode: PreflightMode): Promise<ClaimAnswer> {
  if (mode === "inspect") return await within(deps.storeTimeoutMs, deps.claims.inspect(claim), "the claim");
  try {
    return await within(deps.storeTimeoutMs, deps.claims.claim(claim), "the claim");
  } catch (error) {
    deps.onClaimUnanswered(claim.runId);
    throw error;
  }
}

function rateNumbers(claim: ClaimRequest, answer: ClaimAnswer): RateNumbers | null {
  if (claim.rate === null || answer.tokens === null) return null;
  const taken = answer.result === "claimed" ? 1 : 0;
  return { ...claim.rate, remaining: Math.max(0, Math.floor(answer.tokens) - taken) };
}
