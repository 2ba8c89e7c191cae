import type { TcpProxy } from "@gantry/db/testing";
import { type Answer, isCompleted } from "../calls/answer.ts";
import { startRun } from "../calls/start-run.ts";
import { readCharges } from "../charges.ts";
import type { Check, Finding } from "../check.ts";
import { untilNothingIsInUse } from "../in-use.ts";
import { answering, callingInTurn } from "../installation/definitions.ts";
import type { Installation } from "../installation/installation.ts";
import { createTenant } from "../installation/tenant.ts";
import { inLoop, type Loop } from "../observe.ts";
import { until } from "../until.ts";
import { judgeOutage, type TimedAnswer } from "./judge-outage.ts";

const overlappingRuns = 8;
/** Of each process, while the store is away. */
const answersMin = 20;

/**
 * A store is taken away from both processes, connections cut and new ones refused, while short runs start and end and
 * others wait for a model that answers before the store is back.
 */
export const outage: Check = {
  title: "A store goes away and comes back",
  async run(installation) {
    const { database, redis } = installation.proxies;
    return [
      ...(await takeAway("PostgreSQL", database, installation)),
      ...(redis === null ? [] : await takeAway("Redis", redis, installation)),
    ];
  },
};

async function takeAway(
  store: string,
  proxy: TcpProxy,
  { database, models, processes }: Installation,
): Promise<readonly Finding[]> {
  const both = processes();
  const overlapping = await createTenant(database, callingInTurn("[[tokens 20]][[latency 3000]]"));
  const short = await createTenant(database, answering({}));
  const answers: TimedAnswer[] = [];
  const callBoth = async (caller: number) => {
    const process = caller % 2 === 0 ? 0 : 1;
    const sentAt = performance.now();
    const answer = await startRun(both[process].baseUrl, short.ask);
    answers.push({ ...answer, process, sentAt, answeredAt: performance.now() });
  };
  const callers: Loop[] = [];
  try {
    callers.push(inLoop(4, callBoth));
    await until("short runs complete", () => (answersOfEach(answers, 0, isCompleted) >= 5 ? true : null));
    const startedBefore = Array.from({ length: overlappingRuns }, (_, i) =>
      startRun(both[i % 2 === 0 ? 0 : 1].baseUrl, overlapping.ask),
    );
    await until("runs wait for their model", () =>
      models.stats().requestsInFlight === overlappingRuns ? true : null,
    );
    await proxy.cut();
    const cutAt = performance.now();
    // The first may all wait for runs that were admitted before, whose settlement waits for the store.
    callers.push(inLoop(4, callBoth));
    await until(`models answer and callers are told while ${store} is away`, () =>
      models.stats().requestsInFlight === 0 && answersOfEach(answers, cutAt, () => true) >= answersMin
        ? true
        : null,
    );
    const restoredAt = performance.now();
    await proxy.restore();
    await until(`both processes admit runs again after ${store} is back`, () =>
      answersOfEach(answers, restoredAt, isCompleted) >= 1 ? true : null,
    );
    const overlapped = await Promise.all(startedBefore);
    await Promise.all(callers.map((each) => each.stop()));
    for (const tenant of [short, overlapping]) await untilNothingIsInUse(both[0].baseUrl, tenant);
    return judgeOutage({
      store,
      cutAt,
      restoredAt,
      answers,
      overlapped,
      charges: await readCharges(database, short.workspaceId),
      overlappedCharges: await readCharges(database, overlapping.workspaceId),
    });
  } finally {
    await proxy.restore();
    await Promise.all(callers.map((each) => each.stop()));
  }
}

/** How many such answers to questions asked since then each process gave at least. */
function answersOfEach(
  answers: readonly TimedAnswer[],
  since: number,
  isCounted: (answer: Answer) => boolean,
): number {
  const counted = answers.filter((answer) => answer.sentAt >= since && isCounted(answer));
  return Math.min(...[0, 1].map((process) => counted.filter((answer) => answer.process === process).length));
}
