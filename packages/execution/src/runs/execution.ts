import type { BillingConfig } from "@gantry/billing";
import type { Egress } from "@gantry/egress";
import type { McpServers } from "@gantry/mcp";
import type { Providers } from "@gantry/providers";
import type { Sandbox } from "@gantry/sandbox";
import type { Keyring } from "@gantry/secrets";
import type { Plan } from "@gantry/workflow";
import type postgres from "postgres";
import type { Admission, PreflightOutcome } from "../admission/preflight.ts";
import { createWorstCost } from "../admission/run-cost.ts";
import { warmAdmission } from "../admission/warm-admission.ts";
import { createCompiledVersions } from "../caches.ts";
import { createClaimConfirmer } from "../claim/claim-confirmer.ts";
import type { ClaimStore } from "../claim/port.ts";
import { createRunConfirmation } from "../claim/run-confirmation.ts";
import type { EngineResources, RunPlan } from "../engine/engine.ts";
import { type CancelOutcome, cancelRun } from "./cancel-run.ts";
import { type ChildWorkflows, createChildWorkflows } from "./child-workflows.ts";
import { driveRun } from "./drive-run.ts";
import { afterConfirmation } from "./durable-effects.ts";
import { createKeyRotation } from "./key-rotation.ts";
import { createLeaseKeeper } from "./lease-keeper.ts";
import { type ListRunsRequest, listRuns, type RunPage } from "./list-runs.ts";
import { type LiveRun, openRun } from "./live-run.ts";
import { createLiveRuns } from "./live-runs.ts";
import { pause } from "./pause.ts";
import type { Principal } from "./principal.ts";
import { type RunView, readRun } from "./read-run.ts";
import { readUsage, type UsageView } from "./read-usage.ts";
import { createRefusalRecorder } from "./refusal-recorder.ts";
import { createRunAccount, type RunAccount } from "./run-account.ts";
import { boundRun, type RunCost } from "./run-cost.ts";
import { createRunKeys, type RunKeys } from "./run-keys.ts";
import { credentialFrom, environmentOf, type KeyAccess, type PlatformKeys } from "./run-values.ts";
import { createShadowRecorder } from "./shadow-recorder.ts";
import {
  type ExplainOutcome,
  explainRun,
  type StartDeps,
  type StartOutcome,
  type StartRequest,
  startRun,
} from "./start-run.ts";
import { createTypicalDurations } from "./typical-durations.ts";
import { type WatchOutcome, watchRun } from "./watch-run.ts";

export interface ExecutionDeps {
  /** The primary, through a pool that serves facts and claims and nothing else, and need not wait for the disk. */
  readonly hotSql: postgres.Sql;
  /** The primary, for what is not waited for at admission. */
  readonly sql: postgres.Sql;
  /** Takes claims and tops them up. On PostgreSQL, through the hot pool. */
  readonly hotClaims: ClaimStore;
  /** The same store for all else. On PostgreSQL not through the hot pool: leases must be renewed when that is busy. */
  readonly claims: ClaimStore;
  readonly billing: BillingConfig;
  readonly keyring: Keyring;
  readonly providers: Providers;
  readonly platformKeys: PlatformKeys;
  readonly sandbox: Sandbox;
  readonly egress: Egress;
  readonly mcp: McpServers;
  readonly runPlan: RunPlan;
  /** This process, as its leases name it; unique among all processes, past ones included. */
  readonly holder: string;
  /** UUIDv7: ids grow with time. */
  readonly newId: () => string;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly storeTimeoutMs: number;
  readonly log: ExecutionLog;
}

/** What the service tells its operator. None of it may throw. */
export interface ExecutionLog {
  admissionUnavailable(error: unknown, runId: string): void;
  settlementDelayed(error: unknown, runId: string): void;
  internalError(error: unknown, runId: string): void;
  leaseError(error: unknown): void;
  runsLost(runIds: readonly string[]): void;
  refusalsNotWritten(error: unknown): void;
  /** A top-up or the charge of a call was not answered. A charge is then made at settlement. */
  accountError(error: unknown, runId: string): void;
  /** What was learned of durations or shadow limits is lost. */
  observationsNotWritten(error: unknown): void;
}

export interface Execution {
  start(request: StartRequest): Promise<StartOutcome>;
  explain(request: StartRequest): Promise<ExplainOutcome>;
  /** What the model calls of one run of this plan can cost. `ownKeys`: providers whose calls another key pays for. */
  bound(plan: Plan, ownKeys: ReadonlySet<string>): RunCost;
  cancel(request: { readonly principal: Principal; readonly runId: string }): Promise<CancelOutcome>;
  /** Events of a run from `fromSeq` on, for somebody who lost the stream. */
  watch(request: {
    readonly principal: Principal;
    readonly runId: string;
    readonly fromSeq: number;
    /** Aborted when the watcher leaves. */
    readonly signal: AbortSignal;
  }): Promise<WatchOutcome>;
  /** Null: there is no such run, or it is not the principal's to see. */
  get(request: { readonly principal: Principal; readonly runId: string }): Promise<RunView | null>;
  /** Null: there is no such workspace, or it is not the principal's to see. The same for `usage`. */
  list(request: { readonly principal: Principal } & ListRunsRequest): Promise<RunPage | null>;
  usage(request: { readonly principal: Principal; readonly workspaceId: string }): Promise<UsageView | null>;
  /** Ends a run that nobody runs any more, whatever its lease says: `lost`. False when it holds no slot. For an operator. */
  free(runId: string): Promise<boolean>;
  /** Opens the hot pool's connections and prepares its statements on each, before the first run needs them. */
  warm(connections: number): Promise<void>;
  /** Lets runs in progress end for so long, cancels the rest, settles all. Starts none from now on. */
  shutdown(graceMs: number): Promise<void>;
  stats(): {
    readonly running: number;
    readonly compiledVersions: number;
    readonly refusals: { readonly queued: number; readonly written: number; readonly dropped: number };
  };
}

export function createExecution(deps: ExecutionDeps): Execution {
  const { log, sql, claims } = deps;
  const closing = new AbortController();
  const waitWhileOpen = (ms: number) => pause(ms, closing.signal);
  const runs = createLiveRuns();
  const reads = { sql, onDamaged: log.internalError };
  const versions = createCompiledVersions(deps.monotonic);
  const rotation = createKeyRotation();
  const keys = createRunKeys({
    sql,
    now: deps.now,
    storeTimeoutMs: deps.storeTimeoutMs,
    onError: log.internalError,
  });
  const children = createChildWorkflows({
    sql,
    versions,
    storeTimeoutMs: deps.storeTimeoutMs,
    onError: log.internalError,
  });
  const confirm = createClaimConfirmer(claims, deps.holder);
  const leases = createLeaseKeeper(claims, {
    holder: deps.holder,
    leaseMs: deps.leaseMs,
    everyMs: deps.heartbeatMs,
    onReaped: log.runsLost,
    onError: log.leaseError,
  });
  const refusals = createRefusalRecorder(sql, { ...recorderBounds, onError: log.refusalsNotWritten });
  const observed = { everyMs: deps.heartbeatMs, onError: log.observationsNotWritten };
  const durations = createTypicalDurations(sql, observed);
  const shadows = createShadowRecorder(sql, observed);
  const start: StartDeps = {
    preflight: {
      sql: deps.hotSql,
      claims: deps.hotClaims,
      versions,
      worstCost: createWorstCost((provider, call) => deps.providers[provider].boundMicros(call)),
      billing: deps.billing,
      holder: deps.holder,
      leaseMs: deps.leaseMs,
      storeTimeoutMs: deps.storeTimeoutMs,
      monotonic: deps.monotonic,
      onUnavailable: log.admissionUnavailable,
      onClaimUnanswered: leases.abandon,
    },
    refusals,
    newId: deps.newId,
    now: deps.now,
    launch,
  };

  function launch(outcome: Extract<PreflightOutcome, { kind: "admitted" }>): LiveRun {
    const run = openRun(outcome.admission, outcome);
    const { runId } = run;
    leases.hold({
      runId,
      onLost: () => run.cancel("lease_lost"),
      onCancelRequested: () => run.cancel("requested"),
    });
    const { admission } = outcome;
    const { payer, claim } = admission;
    if (Object.values(payer.shadow).some((limit) => limit !== null))
      shadows.admitted(payer.id, payer.shadow, outcome.decision);
    const onLost = () => run.cancel("lease_lost");
    const confirmation = createRunConfirmation(confirm, runId, onLost);
    const account = createRunAccount(
      {
        claims: { topUp: deps.hotClaims.topUp, settleCall: claims.settleCall },
        confirm: confirmation.again,
        onLost,
        onError: (error) => log.accountError(error, runId),
      },
      {
        claim,
        baseChargeMicros: deps.billing.baseChargeMicros,
        maxCostMicros: admission.maxCostMicros,
        resetAt: payer.standing.period.endAt,
      },
    );
    const finished = driveRun(
      {
        claims,
        account,
        runPlan: deps.runPlan,
        baseChargeMicros: deps.billing.baseChargeMicros,
        now: deps.now,
        onSettlementDelayed: log.settlementDelayed,
        pause: waitWhileOpen,
      },
      run,
      resourcesOf({ ...deps, rotation, children, keys }, admission, confirmation.first, account),
    ).finally(() => {
      leases.release(runId);
      runs.remove(runId);
    });
    // Whoever waits is told; a run that nobody waits for must not end the process.
    finished.then(
      ({ status, durationMs }) => {
        if (status === "completed") durations.add(run.workflowId, durationMs);
      },
      (error: unknown) => log.internalError(error, runId),
    );
    const live: LiveRun = { ...run, finished };
    runs.add(live);
    return live;
  }

  return {
    start: (request) => startRun(start, request),
    explain: (request) => explainRun(start, request),
    bound: (plan, ownKeys) => boundRun(start.preflight, plan, ownKeys),
    cancel: ({ principal, runId }) => cancelRun({ sql, claims, runs }, principal, runId),
    watch: ({ principal, signal, ...request }) =>
      watchRun({ ...reads, runs, pollMs: 1_000 }, principal, {
        ...request,
        signal: AbortSignal.any([signal, closing.signal]),
      }),
    get: ({ principal, runId }) => readRun(reads, principal, runId),
    list: ({ principal, ...request }) => listRuns(sql, principal, request),
    usage: ({ principal, workspaceId }) =>
      readUsage({ sql, claims, billing: deps.billing }, principal, workspaceId),
    free: (runId) => claims.free(runId),
    warm: (connections) => warmAdmission(deps.hotSql, connections),

    async shutdown(graceMs) {
      const ended = () => Promise.allSettled(runs.all().map((run) => run.finished));
      await Promise.race([ended(), waitWhileOpen(graceMs)]);
      for (const run of runs.all()) run.cancel("shutdown");
      await Promise.race([ended(), waitWhileOpen(graceMs)]);
      closing.abort();
      await ended();
      leases.close();
      await Promise.all([refusals.close(), durations.close(), shadows.close()]);
    },

    stats: () => ({ running: runs.size, compiledVersions: versions.size, refusals: refusals.stats() }),
  };
}

const recorderBounds = { queueMax: 10_000, batchMax: 200, everyMs: 100 };

function resourcesOf(
  deps: ExecutionDeps &
    Pick<KeyAccess, "rotation"> & { readonly children: ChildWorkflows; readonly keys: RunKeys },
  { facts, workflow, runId }: Admission,
  isConfirmed: () => Promise<boolean>,
  budget: RunAccount,
): EngineResources {
  const access: KeyAccess = {
    ...deps,
    onUnreadable: (keyId) =>
      deps.log.internalError(new Error(`The provider key ${keyId} cannot be read.`), runId),
  };
  const { workspaceId } = workflow;
  const keys = deps.keys.of({ runId, workspaceId, known: facts.providerKeys });
  return {
    ...afterConfirmation(deps, isConfirmed),
    budget,
    sandbox: deps.sandbox,
    environment: environmentOf(facts, workspaceId, deps.keyring),
    credential: async (provider) => credentialFrom(await keys(), provider, workspaceId, access),
    childWorkflow: deps.children.of({ workspaceId, runId }),
    now: deps.now,
    random: deps.random,
    pause,
    onInternalError: (error) => deps.log.internalError(error, runId),
  };
}
