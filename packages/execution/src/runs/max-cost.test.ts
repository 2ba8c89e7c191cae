import { defaultBilling } from "@gantry/billing";
import { insertTenant, type Tenant } from "@gantry/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createChance } from "../claim/simulation/chance.ts";
import { agent, definitionOf, response, start } from "../engine/testing/plans.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";
import { readMoney } from "../testing/money.ts";
import { spending } from "../testing/spending.ts";

/** Repeats a failure, or looks for another one. */
const seed = Number(process.env["GANTRY_SIMULATION_SEED"] ?? 20_261_124);
const baseMicros = defaultBilling.baseChargeMicros;

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

/** Bounded by about $0.021, costs about $0.0176: nearly all of the bound is for tokens that a prompt may have. */
const dear = (name: string) =>
  agent(name, "[[cache write=900]] [[tokens 6]]", { model: "claude-opus-4-1", maxTokens: 10 });

function startRun(tenant: Tenant, maxCostMicros: number) {
  const { apiKey, workflowId } = tenant;
  return harness.execution.start({ credential: withKey(apiKey), workflowId, input: {}, maxCostMicros });
}

async function run(tenant: Tenant, maxCostMicros: number) {
  const outcome = await startRun(tenant, maxCostMicros);
  if (outcome.kind !== "admitted") throw new Error(`not admitted: ${outcome.kind}`);
  return await outcome.run.finished;
}

test("a run whose own bound is below the charge for starting it is bad input, and spends nothing", async () => {
  const tenant = await insertTenant(harness.database.db);
  const before = await spending(harness.database);
  const outcome = await startRun(tenant, baseMicros - 1);
  expect(outcome).toMatchObject({ kind: "invalid_input", problems: [{ path: ["maxCostMicros"] }] });
  expect(await spending(harness.database)).toEqual(before);
  expect(await run(tenant, baseMicros)).toMatchObject({ status: "completed", costMicros: baseMicros });
});

test("a bad bound and a bad input are told together", async () => {
  const tenant = await insertTenant(harness.database.db);
  const outcome = await harness.execution.start({
    credential: withKey(tenant.apiKey),
    workflowId: tenant.workflowId,
    input: { message: 7 },
    maxCostMicros: 0,
  });
  expect(outcome).toMatchObject({ problems: [{ path: ["maxCostMicros"] }, { path: ["message"] }] });
});

describe("a run with a bound of its own", () => {
  test("holds no more than it", async () => {
    const hangs = agent("A", "[[hang]]", { model: "claude-opus-4-1", maxTokens: 100 });
    const definition = definitionOf([start(), hangs, dear("B")], ["Start -> A", "A -> B"]);
    const tenant = await insertTenant(harness.database.db, { definition });
    const outcome = await startRun(tenant, 40_000);
    if (outcome.kind !== "admitted") throw new Error("not admitted");
    expect(await readMoney(harness.database, tenant.payerId)).toMatchObject({ heldMicros: 40_000 });
    outcome.run.cancel("requested");
    await outcome.run.finished;
  });

  test("fails the call that may pass it, with what the call may cost, what is left, and the bound", async () => {
    const definition = definitionOf([start(), dear("A"), dear("B")], ["Start -> A", "A -> B"]);
    const tenant = await insertTenant(harness.database.db, { definition });
    const { status, error, costMicros } = await run(tenant, 35_000);
    expect({ status, code: error?.code, blockId: error?.blockId }).toEqual({
      status: "failed",
      code: "RUN_COST_LIMIT",
      blockId: "B",
    });
    const left = (35_000 - costMicros) / 1_000_000;
    expect(error?.message).toMatch(
      /may cost up to \$0\.02\d+, and \$0\.01\d+ is left of the run's own limit of \$0\.035/,
    );
    expect(error?.message).toContain(`$${left}`);
    expect(error).not.toHaveProperty("refusal");
  });

  test("never costs more, however many calls it makes at once or one after the other", async () => {
    const chance = createChance(seed);
    const names = ["A", "B", "C", "D", "E"];
    const definition = definitionOf(
      [start(), ...names.map(dear), response("Sink", "done")],
      [
        "Start -> A",
        "Start -> B",
        "Start -> C",
        "A -> D",
        "D -> E",
        ...names.map((name) => `${name} error -> Sink`),
      ],
    );
    const tenant = await insertTenant(harness.database.db, { definition });
    const bounds = Array.from({ length: 30 }, () => chance.between(baseMicros, 140_000));
    const limited: boolean[] = [];
    for (const group of [bounds.slice(0, 10), bounds.slice(10, 20), bounds.slice(20)]) {
      await Promise.all(
        group.map(async (bound) => {
          const { status, costMicros } = await run(tenant, bound);
          expect({ seed, status, isWithin: costMicros <= bound, bound }).toMatchObject({
            status: "completed",
            isWithin: true,
          });
          limited.push(costMicros < baseMicros + 5 * 17_000);
        }),
      );
    }
    // Otherwise these bounds would have stood in nobody's way, or in everybody's.
    expect(new Set(limited).size).toBe(2);
  });
});
