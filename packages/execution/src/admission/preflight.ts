import { type BillingConfig, type Limits, limitsOf } from "@gantry/billing";
import { isProviderId, type ProviderId } from "@gantry/providers";
import { type InputProblem, type JsonValue, type Plan, type Problem, parseInput } from "@gantry/workflow";
import type postgres from "postgres";
import type { CompiledVersion, CompiledVersions } from "../caches.ts";
import { answerWasLost } from "../claim/lost-answer.ts";
import type { ClaimAnswer, ClaimRequest, ClaimStore } from "../claim/port.ts";
import { claimRequest } from "./claim-request.ts";
import { judgeClaim } from "./claim-verdicts.ts";
import { completeDecision, type Decision, type GateVerdict, type PreflightTimings } from "./decision.ts";
import { resolveDefinition } from "./definition.ts";
import { dollars } from "./dollars.ts";
import { type Credential, type Facts, readFacts } from "./facts.ts";
import { type Admissible, judge } from "./judge.ts";
import { startPreflightClock } from "./preflight-clock.ts";
import type { Profile } from "./profile.ts";
import { type RateNumbers, rateBeforeClaim, rateNumbers } from "./rate-numbers.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { WorstCostOf } from "./run-cost.ts";
import { within } from "./within.ts";

export interface PreflightDeps {
  /** The primary, through a pool that does nothing else. */
  readonly sql: postgres.Sql;
  readonly claims: ClaimStore;
  readonly versions: CompiledVersions;
  readonly worstCost: WorstCostOf;
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
  /** The most that the run may cost, base charge included; null for no bound of its own. */
  readonly maxCostMicros: number | null;
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
  readonly maxCostMicros: number | null;
  readonly claim: ClaimRequest;
}

interface WithRate {
  /** Null when no bucket applies, or the payer is not known. */
  readonly rate: RateNumbers | null;
}

interface Answered extends WithRate {
  readonly decision: Decision;
  readonly timings: PreflightTimings;
}

export type PreflightOutcome =
  | (Answered & { readonly kind: "admitted"; readonly admission: Admission })
  | (Answered & { readonly kind: "refused"; readonly refusal: Refusal; readonly facts: Facts | null })
  | (WithRate & { readonly kind: "invalid_input"; readonly problems: readonly InputProblem[] })
  | (WithRate & { readonly kind: "invalid_definition"; readonly problems: readonly Problem[] });

/** Everything between an authenticated request and the first block: facts, gates, definition, claim. Two round trips. */
export async function preflight(
  deps: PreflightDeps,
  request: PreflightRequest,
  mode: PreflightMode,
): Promise<PreflightOutcome> {
  const clock = startPreflightClock(deps.monotonic);
  let verdicts: readonly GateVerdict[] = [];
  let facts: Facts | null = null;
  const refused = (refusal: Refusal, rate: RateNumbers | null): PreflightOutcome => ({
    kind: "refused",
    refusal,
    decision: completeDecision(verdicts),
    timings: clock.timings(),
    rate,
    facts,
  });

  try {
    const held = request.profile.definition === "active" ? deps.versions.latestOf(request.workflowId) : null;
    const factsFrom = deps.monotonic();
    facts = await clock.time("factsMs", () => readFactsInTime(deps, request, held));

    const context = { facts, profile: request.profile, billing: deps.billing };
    const judgement = clock.timeSync("gatesMs", () => judge(context));
    verdicts = judgement.verdicts;
    const known = facts;
    const rateNow = () => readRateInTime(deps, request.profile, known);
    if (judgement.kind === "refuse")
      return refused(refuse(judgement.code, judgement.numbers), await rateNow());
    const { admissible } = judgement;

    const definition = clock.timeSync("definitionMs", () =>
      resolveDefinition(deps.versions, admissible.workflow, request.profile, held),
    );
    if (definition.kind === "invalid")
      return { kind: "invalid_definition", problems: definition.problems, rate: await rateNow() };
    clock.definition(definition.source);
    const problems: InputProblem[] = [...costProblems(request.maxCostMicros, deps.billing)];
    const input = parseInput(definition.plan, request.input);
    if (!input.ok) problems.push(...input.problems);
    if (!input.ok || problems.length > 0) return { kind: "invalid_input", problems, rate: await rateNow() };

    const limits = limitsOf(deps.billing, admissible.payer.standing.subscription, admissible.payer.overrides);
    const version = definition.version;
    const { maxCostMicros } = request;
    const claim = claimRequest(
      deps,
      request,
      {
        ...admissible,
        limits,
        version,
        input: input.input,
        worstCostMicros: deps.worstCost(definition.plan, ownKeys(facts)),
        maxCostMicros,
        factsAgeMs: deps.monotonic() - factsFrom,
      },
      verdicts,
    );
    const answer = await clock.time("claimMs", () => ask(deps, claim, mode));
    const rate = rateNumbers(claim, answer);
    const resetAt = admissible.payer.standing.period.endAt;
    const claimed = judgeClaim(verdicts, claim, answer, limits, resetAt);
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
      maxCostMicros,
      claim,
    };
    return { kind: "admitted", admission, decision: verdicts, timings: clock.timings(), rate };
  } catch (error) {
    // Closed, never open: whatever could not be answered refuses, and says that it is not the caller's fault.
    deps.onUnavailable(error, request.runId);
    return refused(refuse("ADMISSION_UNAVAILABLE", {}, unavailableRetryMs), null);
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

/** What the facts decide needs no claim store: while that is away, the answer goes without its rate. */
async function readRateInTime(
  deps: PreflightDeps,
  profile: Profile,
  facts: Facts,
): Promise<RateNumbers | null> {
  try {
    return await within(deps.storeTimeoutMs, rateBeforeClaim(deps, profile, facts), "the rate");
  } catch {
    return null;
  }
}

async function ask(deps: PreflightDeps, claim: ClaimRequest, mode: PreflightMode): Promise<ClaimAnswer> {
  if (mode === "inspect") return await within(deps.storeTimeoutMs, deps.claims.inspect(claim), "the claim");
  const from = deps.monotonic();
  try {
    return await within(deps.storeTimeoutMs, deps.claims.claim(claim), "the claim");
  } catch (error) {
    const left = deps.storeTimeoutMs - (deps.monotonic() - from);
    const answer = left > 0 && answerWasLost(error) ? await askAgain(deps, claim, left) : null;
    if (answer !== null) return answer;
    deps.onClaimUnanswered(claim.runId);
    throw error;
  }
}

/** Only the answer may have been lost: the same run asked for again takes nothing twice. Null: no answer again. */
async function askAgain(
  deps: PreflightDeps,
  claim: ClaimRequest,
  leftMs: number,
): Promise<ClaimAnswer | null> {
  try {
    return await within(leftMs, deps.claims.claim(claim), "the claim");
  } catch {
    return null;
  }
}

/** Providers that the workspace or its organization has a key of its own for: those calls are not the platform's to charge. */
function ownKeys(facts: Facts): ReadonlySet<ProviderId> {
  return new Set(facts.providerKeys.map(({ provider }) => provider).filter(isProviderId));
}

function costProblems(maxCostMicros: number | null, { baseChargeMicros }: BillingConfig): InputProblem[] {
  if (maxCostMicros === null || maxCostMicros >= baseChargeMicros) return [];
  const message = `must be at least ${dollars(baseChargeMicros)}, the charge for starting a run (${baseChargeMicros} micro-dollars)`;
  return [{ path: ["maxCostMicros"], message }];
}
