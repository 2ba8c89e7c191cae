import { defaultBilling } from "@gantry/billing";
import type { RefusalCode } from "@gantry/execution";
import {
  createClaimConfirmer,
  createCompiledVersions,
  createPostgresClaimStore,
  createWorstCost,
  type PreflightOutcome,
  preflight,
  profiles,
} from "@gantry/execution/admission";
import { callBoundMicros, createPriceTable } from "@gantry/providers";
import { hashApiKey } from "@gantry/secrets";
import type postgres from "postgres";
import { v7 as uuidv7 } from "uuid";
import type { BenchTenant } from "./tenants.ts";

/** What was asked for and how: one run of one workflow under one API key. */
export interface Ask {
  readonly keyHash: string;
  readonly workflowId: string;
}

export function askOf(tenant: BenchTenant, workflow = 0): Ask {
  const workflowId = tenant.workflowIds[workflow];
  if (workflowId === undefined) throw new Error("The tenant has no such workflow.");
  return { keyHash: hashApiKey(tenant.apiKey), workflowId };
}

/** The admission path, wired as `createExecution` wires it. */
export interface Admission {
  /** Facts, gates, definition, claim. Throws unless the run is admitted. */
  admit(ask: Ask): Promise<void>;
  /** The same, and waits until the claim is on disk: what a run does before it calls anything outside. */
  admitOnDisk(ask: Ask): Promise<void>;
  /** The same, and throws unless it is refused with this code. */
  beRefused(ask: Ask, code: RefusalCode): Promise<void>;
  /** Ends every run that was admitted since the last call: its slot is gone. */
  release(): Promise<void>;
}

/** `hotSql` is what is measured; `sql` gives back what was taken. */
export function openAdmission(hotSql: postgres.Sql, sql: postgres.Sql): Admission {
  let why: unknown = null;
  const holder = uuidv7();
  const prices = createPriceTable();
  const confirm = createClaimConfirmer(createPostgresClaimStore(sql), holder);
  const deps = {
    sql: hotSql,
    claims: createPostgresClaimStore(hotSql),
    versions: createCompiledVersions(() => performance.now()),
    worstCost: createWorstCost((provider, call) => callBoundMicros(prices, { provider, ...call })),
    billing: defaultBilling,
    holder,
    leaseMs: 20_000,
    storeTimeoutMs: 5_000,
    monotonic: () => performance.now(),
    onUnavailable: (error: unknown) => {
      why = error;
    },
    onClaimUnanswered: () => {},
  };
  let admitted: string[] = [];
  const ask = (request: Ask, runId: string): Promise<PreflightOutcome> =>
    preflight(
      deps,
      {
        runId,
        credential: { kind: "api_key", hash: request.keyHash },
        profile: profiles.api,
        workflowId: request.workflowId,
        input: {},
        maxCostMicros: null,
      },
      "spend",
    );
  const admit = async (request: Ask): Promise<string> => {
    const runId = uuidv7();
    const outcome = await ask(request, runId);
    if (outcome.kind !== "admitted") {
      const told = outcome.kind === "refused" ? outcome.refusal.code : outcome.kind;
      throw new Error(`A run that should be admitted was answered ${told}.`, { cause: why });
    }
    admitted.push(runId);
    return runId;
  };
  return {
    async admit(request) {
      await admit(request);
    },

    async admitOnDisk(request) {
      if (!(await confirm(await admit(request)))) throw new Error("A claim did not stand.");
    },

    async beRefused(request, code) {
      const outcome = await ask(request, uuidv7());
      if (outcome.kind === "refused" && outcome.refusal.code === code) return;
      const told = outcome.kind === "refused" ? outcome.refusal.code : outcome.kind;
      throw new Error(`A run that should be refused with ${code} was answered ${told}.`, { cause: why });
    },

    async release() {
      const ids = admitted;
      admitted = [];
      if (ids.length === 0) return;
      await sql`DELETE FROM slots WHERE run_id = ANY (${ids}::text[])`;
    },
  };
}
