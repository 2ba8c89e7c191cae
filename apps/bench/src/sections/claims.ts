import { payers } from "@gantry/db";
import type { ClaimStore } from "@gantry/execution";
import { v7 as uuidv7 } from "uuid";
import { figuresOf, inParallel } from "../measure/in-parallel.ts";
import { median, percentile } from "../measure/statistics.ts";
import { openClaimStores } from "../stage/claim-stores.ts";
import { type Stage, selectOne } from "../stage/stage.ts";
import type { Row, Section } from "../table/section.ts";
import type { Sizes } from "./sizes.ts";

const holder = "bench";

/** The claim by itself, on both stores: of one payer, whose claims run one after the other, and of many. */
export async function measureClaims(stage: Stage, sizes: Sizes): Promise<Section> {
  await using stores = await openClaimStores(stage);
  const many = Array.from({ length: sizes.payers }, () => uuidv7());
  const hot = many.slice(0, 1);
  await stage.general.db.insert(payers).values(many.map((id) => ({ id })));
  await stage.general.sql`VACUUM ANALYZE`;

  const taken: { readonly claims: ClaimStore; readonly runId: string }[] = [];
  const claiming = (name: string, claims: ClaimStore, payerIds: readonly string[]) => {
    let turn = 0;
    return {
      name,
      async run() {
        const request = requestOf(payerIds[turn % payerIds.length] ?? "");
        turn += 1;
        const { result } = await claims.claim(request);
        if (result !== "claimed") throw new Error(`A claim that nothing stands in the way of was ${result}.`);
        taken.push({ claims, runId: request.runId });
      },
    };
  };
  const giveBack = async () => {
    await Promise.all(taken.splice(0).map(({ claims, runId }) => claims.release(runId, holder)));
  };

  const rows: Row[] = [];
  for (const callers of [1, 16]) {
    const unit = selectOne(stage.hot.sql);
    const subjects = [
      ["one hot payer", hot] as const,
      [`${many.length.toLocaleString("en")} payers`, many] as const,
    ].flatMap(([whose, payerIds]) => [
      claiming(`PostgreSQL, ${whose}`, stores.postgres, payerIds),
      ...(stores.redis === null ? [] : [claiming(`Redis, ${whose}`, stores.redis, payerIds)]),
    ]);
    const measured = await inParallel([unit, ...subjects], {
      callers,
      rounds: sizes.rounds * 2,
      // Few at once: the set of slots that each claim counts must stay as small as a tenant's is.
      callsPerRound: Math.min(sizes.callsPerRound, 128),
      between: giveBack,
    });
    const unitMs = median(figuresOf(measured, unit.name).samples);
    for (const { name } of [unit, ...subjects]) {
      const { samples, perSecond } = figuresOf(measured, name);
      const p50 = median(samples);
      const who = callers === 1 ? "1 caller" : `${callers} callers`;
      rows.push({
        name: `${who}, ${name}`,
        cells: [p50, percentile(samples, 0.95), p50 / unitMs, perSecond],
      });
    }
  }
  const redisNote =
    stores.redis === null
      ? "NOT MEASURED: Redis, because this machine has no Redis or Valkey server."
      : "Redis: on loopback, nothing kept on disk; the rows of its runs are written to PostgreSQL meanwhile.";
  return {
    title: "CLAIMS",
    notes: ["timed: one claim that is taken; what was taken is given back untimed.", redisNote],
    columns: [
      { title: "p50 ms", unit: "ms" },
      { title: "p95 ms", unit: "ms" },
      { title: "p50", unit: "times" },
      { title: "/s", unit: "perSecond" },
    ],
    rows,
  };
}

function requestOf(payerId: string): Parameters<ClaimStore["claim"]>[0] {
  return {
    runId: uuidv7(),
    payerId,
    userId: payerId,
    workspaceId: "workspace",
    workflowId: "workflow",
    versionId: null,
    apiKeyId: null,
    profile: "api",
    plan: "enterprise",
    payer: JSON.stringify({ payerId, plan: "enterprise" }),
    input: JSON.stringify({ topic: "tides" }),
    decision: JSON.stringify([{ gate: "principal", verdict: "pass" }]),
    holder,
    epoch: 1,
    leaseMs: 20_000,
    deadlineMs: 300_000,
    expectedMs: 30_000,
    rate: { counter: "sync", perMinute: 1_000_000, capacity: 2_000_000 },
    concurrentRunsMax: 10_000,
    holdMicros: 5_000,
    limitMicros: 1_000_000_000_000,
    memberLimitMicros: null,
    periodStart: "2026-01-01T00:00:00.000Z",
    countsForMember: false,
    known: { ageMs: 0, settledMicros: 0, memberSettledMicros: 0 },
  };
}
