export {
  type Decision,
  type GateName,
  type GateVerdict,
  gateNames,
  type PreflightTimings,
} from "./admission/decision.ts";
export type { Credential } from "./admission/facts.ts";
export type { ProfileName } from "./admission/profile.ts";
export type { RateNumbers } from "./admission/rate-numbers.ts";
export {
  type Numbers,
  type Refusal,
  type RefusalCode,
  type RefusalStatus,
  refusalCatalogue,
} from "./admission/refusal.ts";
export { cacheBounds } from "./caches.ts";
export type { ClaimStore } from "./claim/port.ts";
export { createPostgresClaimStore } from "./claim/postgres/claim-store.ts";
export { createRedisClaimStore } from "./claim/redis/claim-store.ts";
export { openRedis, type RedisClient } from "./claim/redis/open-redis.ts";
export { readServerFacts } from "./claim/redis/server-facts.ts";
export type { BlockError, RunError } from "./engine/events.ts";
export type { CancelOutcome } from "./runs/cancel-run.ts";
export { createExecution, type Execution, type ExecutionDeps, type ExecutionLog } from "./runs/execution.ts";
export type { ListRunsRequest, RunPage, RunSummary } from "./runs/list-runs.ts";
export type { FinishedRun, LiveRun } from "./runs/live-run.ts";
export { type Principal, readPrincipal } from "./runs/principal.ts";
export type { ChargeView, RunView, SpanView } from "./runs/read-run.ts";
export type { RateView, UsageView } from "./runs/read-usage.ts";
export type { RunCost } from "./runs/run-cost.ts";
export type { PlatformKeys } from "./runs/run-values.ts";
export type {
  ExplainOutcome,
  InvalidStart,
  RefusedStart,
  StartOutcome,
  StartRequest,
} from "./runs/start-run.ts";
export type { FinalStatus, RefusedEvent, RunEvent, StreamEvent } from "./runs/stream-event.ts";
export type { WatchOutcome } from "./runs/watch-run.ts";
