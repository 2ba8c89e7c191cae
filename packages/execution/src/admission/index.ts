/** Preflight by itself, with what it is wired from: for measuring it. Runs are started through `createExecution`. */
export { createCompiledVersions } from "../caches.ts";
export { createClaimConfirmer } from "../claim/claim-confirmer.ts";
export { createPostgresClaimStore } from "../claim/postgres/claim-store.ts";
export { type PreflightDeps, type PreflightOutcome, preflight } from "./preflight.ts";
export { profiles } from "./profile.ts";
export { createWorstCost } from "./run-cost.ts";
export { warmAdmission } from "./warm-admission.ts";
