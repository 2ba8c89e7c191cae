import { type ProviderId, providerIds } from "@gantry/providers";
import { type BlockOf, compile, type Plan } from "@gantry/workflow";
import { expect, test } from "vitest";
import { createWorstCost } from "./run-cost.ts";

function planOf(fields: Partial<BlockOf<"agent">>): Plan {
  const position = { x: 0, y: 0 };
  const compiled = compile({
    schemaVersion: 1,
    blocks: [
      { id: "start", name: "Start", type: "start", position, inputs: [] },
      {
        id: "a",
        name: "A",
        type: "agent",
        position,
        provider: "anthropic",
        model: "claude-haiku-4-5",
        prompt: "Hello",
        maxTokens: 100,
        ...fields,
      },
    ],
    edges: [{ id: "e", source: "start", sourceHandle: "out", target: "a" }],
    variables: [],
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.plan;
}

const none: ReadonlySet<ProviderId> = new Set();
const openaiToo = { fallbacks: [{ provider: "openai" as const, model: "gpt-5" }] };

test("each model of a block is bounded by its own provider, with the block's prompt and its longest answer", () => {
  const asked: unknown[] = [];
  const worst = createWorstCost((provider, call) => {
    asked.push({ provider, ...call });
    return provider === "openai" ? 7 : 3;
  });
  expect(worst(planOf(openaiToo), none)).toBe(7);
  const call = { source: "platform", promptBytes: 5, maxTokens: 100 };
  expect(asked).toEqual([
    { provider: "anthropic", model: "claude-haiku-4-5", ...call },
    { provider: "openai", model: "gpt-5", ...call },
  ]);
});

test("only calls to a provider whose key is the payer's own cost nothing", () => {
  const worst = createWorstCost(() => 5);
  const plan = planOf(openaiToo);
  expect(worst(plan, new Set(["anthropic"]))).toBe(5);
  expect(worst(plan, new Set(["anthropic", "openai"]))).toBe(0);
});

test("tools and attachments leave a run unbounded, unless every call is made with the payer's own key", () => {
  const worst = createWorstCost(() => 5);
  const withTool = planOf({ tools: [{ type: "mcp", server: { kind: "operator", name: "files" } }] });
  const withImage = planOf({ attachments: ["data:image/png;base64,aGk="] });
  for (const plan of [withTool, withImage]) {
    expect(worst(plan, none)).toBeNull();
    expect(worst(plan, new Set(["anthropic"]))).toBe(0);
  }
});

test("a tool that runs another workflow leaves a run unbounded, whoever's key pays for the block itself", () => {
  const tool = {
    type: "workflow" as const,
    name: "ask",
    description: "Asks.",
    parameters: { type: "object" },
    workflowId: "0b0c9a2e-6d0f-4c0e-9f0a-3d1f5a7b9c11",
  };
  expect(createWorstCost(() => 5)(planOf({ tools: [tool] }), new Set(providerIds))).toBeNull();
});

test("a plan is walked once for each set of own keys", () => {
  let calls = 0;
  const worst = createWorstCost(() => {
    calls += 1;
    return 1;
  });
  const plan = planOf({});
  expect([worst(plan, none), worst(plan, none), worst(plan, new Set(["openai"]))]).toEqual([1, 1, 1]);
  expect(calls).toBe(2);
});
