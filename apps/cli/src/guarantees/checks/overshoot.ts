import { cancelRun, readUsage } from "../calls/procedures.ts";
import { leaveRun, startRun } from "../calls/start-run.ts";
import type { Check, Finding } from "../check.ts";
import { count } from "../count.ts";
import { untilNothingIsInUse } from "../in-use.ts";
import { answering, callingInTurn } from "../installation/definitions.ts";
import type { Installation } from "../installation/installation.ts";
import { createTenant, type Tenant } from "../installation/tenant.ts";
import { whileLooking } from "../observe.ts";
import { until } from "../until.ts";
import { judgeMoney, judgeSlots, type MoneyHistory } from "./judge-overshoot.ts";

const slotsMax = 10;
const baseChargeMicros = 5_000;

/** All at once, over both processes, against a limit that few of them fit into. */
export const overshoot: Check = {
  title: "Many runs at once never pass a limit",
  run: async (installation, { runs }) => [
    ...(await againstSlots(installation, runs)),
    ...(await againstMoney(installation, runs)),
    ...(await againstMoneyOfCalls(installation, runs)),
  ],
};

/** Runs that are admitted go on until they are cancelled, so it is known how many must be admitted: as many as fit. */
async function againstSlots(installation: Installation, asked: number): Promise<readonly Finding[]> {
  const { models, database } = installation;
  const tenant = await createTenant(database, callingInTurn("[[hang]]"), { concurrentRunsMax: slotsMax });
  const { ask } = tenant;
  let callsMax = 0;
  const started = await whileLooking(
    () => {
      callsMax = Math.max(callsMax, models.stats().requestsInFlight);
    },
    atOnce(installation, asked, async (baseUrl) => ({ baseUrl, ...(await leaveRun(baseUrl, ask)) })),
  );
  const admitted = started.flatMap(({ baseUrl, runId }) => (runId === null ? [] : { baseUrl, runId }));
  await until("every admitted run is calling its model", () =>
    models.stats().requestsInFlight >= admitted.length ? true : null,
  );
  callsMax = Math.max(callsMax, models.stats().requestsInFlight);
  for (const { baseUrl, runId } of admitted) await cancelRun(baseUrl, tenant, runId);
  await untilNothingIsInUse(installation.processes()[0].baseUrl, tenant);
  const refused = started.flatMap((each) => (each.runId === null ? each.answer : []));
  return judgeSlots({ asked, slotsMax, admitted: admitted.length, inProgressMax: callsMax, refused });
}

/** A run costs what it holds, so again it is known how many must be admitted: as many as there is money for. */
async function againstMoney(installation: Installation, asked: number): Promise<readonly Finding[]> {
  const affordable = Math.floor(asked / 10);
  const usageLimitMicros = affordable * baseChargeMicros;
  const tenant = await createTenant(installation.database, answering({}), { usageLimitMicros });
  const history = await spend(installation, tenant, asked, usageLimitMicros);
  return judgeMoney(`${count(asked)} runs at once, money for ${count(affordable)}`, history, affordable);
}

/**
 * Calls that cost almost what they may cost at most, two in each run, which are more than it holds at first: the second
 * has to top up. How many may depends on how they meet; the limit does not.
 */
async function againstMoneyOfCalls(installation: Installation, asked: number): Promise<readonly Finding[]> {
  const promptTokens = 10_000;
  const prompt = `[[tokens 100]][[cache read=0 write=${promptTokens}]]`.padEnd(promptTokens, ".");
  const usageLimitMicros = Math.max(5, Math.floor(asked / 50)) * 100_000;
  const tenant = await createTenant(installation.database, callingInTurn(prompt, prompt), {
    usageLimitMicros,
  });
  const history = await spend(installation, tenant, asked, usageLimitMicros);
  return judgeMoney(`${count(asked)} runs at once, two priced calls each`, history, null);
}

async function spend(
  installation: Installation,
  tenant: Tenant,
  asked: number,
  limitMicros: number,
): Promise<MoneyHistory> {
  const answers = await atOnce(installation, asked, (url) => startRun(url, tenant.ask));
  const { baseUrl } = installation.processes()[0];
  await untilNothingIsInUse(baseUrl, tenant);
  const { settledMicros } = await readUsage(baseUrl, tenant);
  return { limitMicros, answers, settledMicros };
}

/** Every other one at the second process. */
function atOnce<T>(
  installation: Installation,
  asked: number,
  start: (baseUrl: string) => Promise<T>,
): Promise<T[]> {
  const processes = installation.processes();
  return Promise.all(Array.from({ length: asked }, (_, i) => start(processes[i % 2 === 0 ? 0 : 1].baseUrl)));
}
