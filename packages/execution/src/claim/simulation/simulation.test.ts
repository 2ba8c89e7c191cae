import { createTestDatabase, insertTenant, insertUser, type TestDatabase } from "@gantry/db/testing";
import { expect, test } from "vitest";
import { payByOrganization } from "../../testing/failing-gates.ts";
import type { ClaimResult } from "../port.ts";
import { createPostgresClaimStore } from "../postgres/claim-store.ts";
import { createChance } from "./chance.ts";
import { differencesFrom } from "./differences.ts";
import { runHistory } from "./history.ts";
import { type StandingLimits, violations } from "./invariants.ts";
import type { SimulatedPayer } from "./payer.ts";
import { runWorker, type Told } from "./side-by-side.ts";
import { readEnds, readState } from "./state.ts";

/** Repeats a failure, or looks for another one. */
const seed = Number(process.env["GANTRY_SIMULATION_SEED"] ?? 20_261_124);

const everyResult: readonly ClaimResult[] = [
  "claimed",
  "usage",
  "member_usage",
  "rate",
  "concurrency",
  "payer_headroom",
  "member_headroom",
];

async function insertPayers(
  database: TestDatabase,
  limits: Pick<SimulatedPayer, "capacity" | "concurrentRunsMax" | "limitMicros"> & {
    readonly capsMicros: readonly number[];
  },
): Promise<SimulatedPayer[]> {
  const { capsMicros, ...own } = limits;
  const members = [
    await insertUser(database.db),
    await insertUser(database.db),
    await insertUser(database.db),
  ];
  const userIds = members.map((member) => member.id);
  const organization = await payByOrganization(database, await insertTenant(database.db));
  const other = await payByOrganization(database, await insertTenant(database.db));
  const person = await insertTenant(database.db);
  const start = { ...own, periodStart: "2026-01-01T00:00:00.000Z" };
  // The same people in two organizations, of which one has no limit of money; and one of them pays for themselves.
  return [
    { tenant: organization, isOrganization: true, userIds, caps: capsMicros },
    { tenant: other, isOrganization: true, userIds, caps: [], limitMicros: null },
    { tenant: person, isOrganization: false, userIds: userIds.slice(0, 1), caps: [] },
  ].map(({ tenant, isOrganization, userIds, caps, limitMicros = start.limitMicros }) => ({
    ...start,
    limitMicros,
    payerId: tenant.payerId,
    workspaceId: tenant.workspaceId,
    workflowId: tenant.workflowId,
    isOrganization,
    userIds,
    memberLimitMicros: new Map(caps.map((cap, index) => [userIds[index] ?? "", cap])),
  }));
}

test("every answer and the whole state after every step of a random history are the model's", async () => {
  await using database = await createTestDatabase();
  const payers = await insertPayers(database, {
    capacity: 6,
    concurrentRunsMax: 5,
    limitMicros: 400_000,
    capsMicros: [150_000, 80_000],
  });
  let at = "before the first step";
  try {
    const { model, results } = await runHistory({
      sql: database.sql,
      claims: createPostgresClaimStore(database.sql),
      payers,
      chance: createChance(seed),
      steps: 2_000,
      onStep: (step, what) => {
        at = `step ${step} (${what})`;
      },
    });
    at = "after the last step";
    expect(await readEnds(database.sql)).toEqual(model.ends);
    // Otherwise this history would have proved little.
    expect(everyResult.filter((result) => (results[result] ?? 0) === 0)).toEqual([]);
  } catch (error) {
    throw new Error(`GANTRY_SIMULATION_SEED=${seed}, ${at}: ${String(error)}`, { cause: error });
  }
});

test("no snapshot shows a limit passed or a counter off while eight processes claim, settle and crash", async () => {
  await using database = await createTestDatabase({ poolMax: 12 });
  const capacity = 20;
  const payers = await insertPayers(database, {
    capacity,
    concurrentRunsMax: 12,
    limitMicros: 1_200_000,
    capsMicros: [300_000, 400_000],
  });
  const limits = new Map<string, StandingLimits>(payers.map((payer) => [payer.payerId, payer]));
  const claims = createPostgresClaimStore(database.sql);

  const over = new AbortController();
  const seen = new Set<string>();
  let snapshots = 0;
  async function watch(): Promise<void> {
    while (!over.signal.aborted) {
      for (const violation of violations(await readState(database.sql), limits)) seen.add(violation);
      snapshots += 1;
    }
  }
  async function work(): Promise<Told[]> {
    const workers = Array.from({ length: 8 }, (_, index) =>
      runWorker({
        sql: database.sql,
        claims,
        payers,
        chance: createChance(seed + index),
        holder: `worker-${index}`,
        steps: 300,
      }),
    );
    return Promise.all(workers).finally(() => over.abort());
  }
  try {
    const [told] = await Promise.all([work(), watch()]);
    expect([...seen]).toEqual([]);
    expect(snapshots).toBeGreaterThan(5);
    // Otherwise these limits would have stood in nobody's way.
    const results = told.flatMap((one) => Object.keys(one.results));
    expect(everyResult.filter((result) => !results.includes(result))).toEqual([]);

    await claims.reap();
    const state = await readState(database.sql);
    expect(violations(state, limits)).toEqual([]);
    expect(differencesFrom(told, state, await readEnds(database.sql), capacity)).toEqual([]);
  } catch (error) {
    throw new Error(`GANTRY_SIMULATION_SEED=${seed}: ${String(error)}`, { cause: error });
  }
});
