import type { Answer } from "../calls/answer.ts";
import { type Ask, startRun } from "../calls/start-run.ts";
import type { Check } from "../check.ts";
import { answering } from "../installation/definitions.ts";
import type { Installation } from "../installation/installation.ts";
import { createTenant } from "../installation/tenant.ts";
import { until } from "../until.ts";
import { judgeRefusals, type RefusalHistory, type Sample, type Turn } from "./judge-refusals.ts";

type Asks = Readonly<Record<keyof Turn, Ask>>;

/**
 * Refusals by the facts (no money left) and by the claim (no slot), against admissions of a run that calls nothing: by
 * turns, one caller, one process. Then the refusals once more while the database cannot be written.
 */
export const refusals: Check = {
  title: "What a refusal costs",
  async run(installation, sizes) {
    const { database } = installation;
    const nothing = answering({});
    const [able, broke, crowded] = [
      await createTenant(database, nothing),
      await createTenant(database, nothing, { usageLimitMicros: 0 }),
      await createTenant(database, nothing, { concurrentRunsMax: 0 }),
    ];
    const asks: Asks = { admitted: able.ask, byFacts: broke.ask, byClaim: crowded.ask };

    await takeTurns(installation, asks, 20);
    const turns = await takeTurns(installation, asks, Math.ceil(sizes.refusals / 2));
    const readOnly = await whileReadOnly(installation, asks, Math.ceil(sizes.refusals / 20));
    const refused = turns.flatMap(({ byFacts, byClaim }) => [byFacts.answer, byClaim.answer]);
    refused.push(...readOnly.byFacts, ...readOnly.byClaim);
    const recorded = await untilRecorded(installation, refused);
    return judgeRefusals({ turns, readOnly, refused: refused.length, recorded });
  },
};

async function takeTurns(installation: Installation, asks: Asks, count: number): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (let i = 0; i < count; i += 1) {
    turns.push({
      admitted: await sample(installation, asks.admitted),
      byFacts: await sample(installation, asks.byFacts),
      byClaim: await sample(installation, asks.byClaim),
    });
  }
  return turns;
}

async function sample({ processes, proxies }: Installation, ask: Ask): Promise<Sample> {
  const tripsBefore = proxies.database.roundTrips();
  const from = performance.now();
  const answer = await startRun(processes()[0].baseUrl, ask);
  return { answer, ms: performance.now() - from, roundTrips: proxies.database.roundTrips() - tripsBefore };
}

/** New connections may only read, so all of them are made new. */
async function whileReadOnly(
  installation: Installation,
  asks: Asks,
  count: number,
): Promise<RefusalHistory["readOnly"]> {
  const { database, proxies, processes } = installation;
  const { baseUrl } = processes()[0];
  const setReadOnly = async (value: "on" | "off") => {
    const [row] = await database.sql<{ name: string }[]>`SELECT quote_ident(current_database()) AS name`;
    await database.sql.unsafe(`ALTER DATABASE ${row?.name} SET default_transaction_read_only = ${value}`);
    await proxies.database.cut();
    await proxies.database.restore();
    await until("the database can be read again", async () =>
      (await startRun(baseUrl, asks.byFacts)).status === 402 ? true : null,
    );
  };
  const byFacts: Answer[] = [];
  const byClaim: Answer[] = [];
  try {
    await setReadOnly("on");
    for (let i = 0; i < count; i += 1) {
      byFacts.push(await startRun(baseUrl, asks.byFacts));
      byClaim.push(await startRun(baseUrl, asks.byClaim));
    }
    return { byFacts, byClaim, recorded: await countRecorded(installation, [...byFacts, ...byClaim]) };
  } finally {
    await setReadOnly("off");
  }
}

/** They are written in batches after they were answered: as many as there are when all are, or in ten seconds. */
async function untilRecorded(installation: Installation, refused: readonly Answer[]): Promise<number> {
  const deadline = performance.now() + 10_000;
  return await until("refused runs are counted", async () => {
    const recorded = await countRecorded(installation, refused);
    return recorded === refused.length || performance.now() > deadline ? recorded : null;
  });
}

async function countRecorded({ database }: Installation, refused: readonly Answer[]): Promise<number> {
  const runIds = refused.flatMap(({ runId }) => runId ?? []);
  const [row] = await database.sql<{ recorded: number }[]>`
    SELECT count(*)::int AS recorded FROM runs
     WHERE status = 'refused' AND id = ANY (string_to_array(${runIds.join(",")}, ','))`;
  return row?.recorded ?? 0;
}
