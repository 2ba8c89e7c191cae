import { defaultBilling } from "@gantry/billing";
import { insertTenant } from "@gantry/db/testing";
import { compile, type Plan } from "@gantry/workflow";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agent, start } from "../engine/testing/plans.ts";
import { type Harness, startHarness, withKey } from "../testing/harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness[Symbol.asyncDispose]());

const none: ReadonlySet<string> = new Set();

function definition(prompt: string) {
  return {
    schemaVersion: 1 as const,
    blocks: [start(["text"]), agent("Writer", prompt, { model: "claude-haiku-4-5" })],
    edges: [{ id: "e", source: "Start", sourceHandle: "out" as const, target: "Writer" }],
    variables: [],
  };
}

function planOf(prompt: string): Plan {
  const compiled = compile(definition(prompt));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.plan;
}

describe("what a run can cost", () => {
  test("is bounded where the prompts are known: what admission holds beside the base charge", async () => {
    const cost = harness.execution.bound(planOf("Say something"), none);
    if (cost.kind !== "bounded") throw new Error(cost.kind);
    const tenant = await insertTenant(harness.database.db, { definition: definition("Say something") });
    const explained = await harness.execution.explain({
      credential: withKey(tenant.apiKey),
      workflowId: tenant.workflowId,
      input: {},
    });
    if (explained.kind !== "explained") throw new Error(explained.kind);
    const hold = explained.decision.find(({ gate }) => gate === "hold")?.numbers["holdMicros"];
    expect(cost.worstMicros).toBeGreaterThan(0);
    expect(hold).toBe(5_000 + cost.worstMicros);
  });

  test("is left to each call where a prompt depends on data, with what is held at first", () => {
    expect(harness.execution.bound(planOf("About <Start.text>"), none)).toEqual({
      kind: "per_call",
      firstHoldMicros: 50_000,
    });
  });

  test("is nothing where another key pays for every call", () => {
    const paid = new Set(["anthropic"]);
    expect(harness.execution.bound(planOf("About <Start.text>"), paid)).toEqual({
      kind: "bounded",
      worstMicros: 0,
    });
  });

  test("has no first hold where billing is off", () => {
    const free = harness.another({ billing: { ...defaultBilling, enabled: false } });
    expect(free.bound(planOf("About <Start.text>"), none)).toMatchObject({ firstHoldMicros: null });
  });
});
