import { verifyLedger } from "@gantry/billing";
import type { Answer } from "../calls/answer.ts";
import { readRunStatus, readUsage } from "../calls/procedures.ts";
import { type Ask, leaveRun, startRun } from "../calls/start-run.ts";
import { readCharges } from "../charges.ts";
import type { Check, Finding } from "../check.ts";
import { callingInTurn } from "../installation/definitions.ts";
import type { Installation } from "../installation/installation.ts";
import { addWorkflow, createTenant, type Tenant } from "../installation/tenant.ts";
import { inLoop } from "../observe.ts";
import { until } from "../until.ts";
import { healingMaxMs, judgeKill } from "./judge-kill.ts";

const interruptedRuns = 10;
const short = callingInTurn("[[tokens 20]][[latency 20]]");

/**
 * The second process dies while runs of it have paid for one model call and wait for another, and while short runs start
 * and end on both. The payer of the interrupted ones has as many slots as they take: a leaked one would be missed.
 */
export const kill: Check = {
  title: "kill -9 of an API process in the middle of runs",
  async run(installation) {
    try {
      return await killSecond(installation);
    } finally {
      await installation.replaceSecond();
    }
  },
};

async function killSecond(installation: Installation): Promise<readonly Finding[]> {
  const { database } = installation;
  const [survivor, victim] = installation.processes();
  const interrupted = await createTenant(database, callingInTurn("[[tokens 20]]", "[[hang]]"), {
    concurrentRunsMax: interruptedRuns,
  });
  const shortOfInterrupted = await addWorkflow(database, interrupted, short);
  const busy = await createTenant(database, short);
  const runIds = await startInterruptedRuns(installation, interrupted, victim.baseUrl);

  const traffic = startTraffic(busy.ask, survivor.baseUrl, victim.baseUrl);
  const answers = traffic.answers;
  let servedBefore = 0;
  let killedAt = 0;
  try {
    await until("both processes serve short runs", () =>
      Math.min(answers.survivor.length, answers.victim.length) >= 10 ? true : null,
    );
    killedAt = performance.now();
    await victim.kill();
    servedBefore = answers.survivor.length;
    await untilFree(survivor.baseUrl, interrupted);
  } finally {
    await traffic.stop();
  }
  await untilFree(survivor.baseUrl, busy);
  const healingMs = performance.now() - killedAt;

  const seen = await Promise.all(
    runIds.map(async (runId) => ({
      runId,
      status: await readRunStatus(survivor.baseUrl, interrupted.ask, runId),
    })),
  );
  const { heldMicros, concurrency } = await readUsage(survivor.baseUrl, interrupted);
  const again = await Promise.all(runIds.map(() => startRun(survivor.baseUrl, shortOfInterrupted)));
  return judgeKill({
    healingMs,
    interrupted: seen,
    leaked: { slots: concurrency.inUse, heldMicros },
    again,
    served: answers.survivor.slice(servedBefore),
    told: [...answers.survivor, ...answers.victim, ...again],
    charges: [
      ...(await readCharges(database, interrupted.workspaceId)),
      ...(await readCharges(database, busy.workspaceId)),
    ],
    callsOf: (workflowId) => (workflowId === interrupted.ask.workflowId ? 2 : 1),
    ledgerDifferences: (await verifyLedger(database.sql)).differences.length,
  });
}

/** Resolves when each of them is charged for its first call and waits for its second. */
async function startInterruptedRuns(
  { database, models }: Installation,
  { workspaceId, ask }: Tenant,
  baseUrl: string,
): Promise<readonly string[]> {
  const started = await Promise.all(Array.from({ length: interruptedRuns }, () => leaveRun(baseUrl, ask)));
  await until(`${interruptedRuns} runs are charged for a call and wait for another`, async () => {
    const [row] = await database.sql<{ charged: number }[]>`
      SELECT count(DISTINCT run_id)::int AS charged FROM ledger_entries WHERE workspace_id = ${workspaceId}`;
    const waiting = models.stats().requestsInFlight;
    return row?.charged === interruptedRuns && waiting === interruptedRuns ? true : null;
  });
  return started.flatMap(({ runId }) => runId ?? []);
}

/** Four callers, two at each process. */
function startTraffic(ask: Ask, survivorUrl: string, victimUrl: string) {
  const answers: { readonly survivor: Answer[]; readonly victim: Answer[] } = { survivor: [], victim: [] };
  const { stop } = inLoop(4, async (caller) => {
    if (caller % 2 === 0) answers.survivor.push(await startRun(survivorUrl, ask));
    else answers.victim.push(await startRun(victimUrl, ask));
  });
  return { answers, stop };
}

async function untilFree(baseUrl: string, tenant: Tenant): Promise<void> {
  await until(
    "the slots of a killed process are free again",
    async () => ((await readUsage(baseUrl, tenant)).concurrency.inUse === 0 ? true : null),
    { timeoutMs: 2 * healingMaxMs, everyMs: 50 },
  );
}
