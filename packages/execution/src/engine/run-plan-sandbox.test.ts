import { createSandbox, type SandboxPool } from "@gantry/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { condition, fn, planOf, response, start } from "./testing/plans.ts";
import { play, TestResources } from "./testing/resources.ts";

let sandbox: SandboxPool;
beforeAll(() => {
  sandbox = createSandbox({ threadsMax: 2 });
});
afterAll(() => sandbox.close());

function resourcesWith(secrets: Record<string, string> = {}) {
  const resources = new TestResources();
  resources.secrets = secrets;
  resources.sandbox = sandbox;
  return resources;
}

describe("with the real sandbox", () => {
  test("a secret that looks like code does not change what a condition decides", async () => {
    const plan = planOf(
      [
        start(),
        condition("If", [["yes", 'inputs.t === "right"']], { t: "{{TOKEN}}" }),
        response("R", "<If.branch>"),
      ],
      ["Start -> If", "If branch:yes -> R", "If else -> R"],
    );
    expect((await play(plan, resourcesWith({ TOKEN: '" || true || "' }))).at(-1)).toMatchObject({
      output: "else",
    });
    expect((await play(plan, resourcesWith({ TOKEN: "right" }))).at(-1)).toMatchObject({ output: "yes" });
  });

  test("data goes from block to block with its types, and code that throws takes the error edge", async () => {
    const plan = planOf(
      [
        start(["n"]),
        fn("A", "return { list: [inputs.n, inputs.n * 2] }", { n: "<Start.n>" }),
        fn("B", "throw new Error('at ' + inputs.x)", { x: "<A.result.list[1]>" }),
        response("R", { message: "<B.error.message>", list: "<A.result.list>" }),
      ],
      ["Start -> A", "A -> B", "B error -> R"],
    );
    const last = (await play(plan, resourcesWith(), { input: { n: 21 } })).at(-1);
    expect(last).toMatchObject({
      type: "run.completed",
      output: { message: expect.stringContaining("at 42"), list: [21, 42] },
    });
  });

  test("an endless loop ends with the run", async () => {
    const plan = planOf([start(), fn("Loop", "for (;;) {}", {}, { timeoutMs: 30_000 })], ["Start -> Loop"]);
    const controller = new AbortController();
    const events = await play(plan, resourcesWith(), { signal: controller.signal }, (event) => {
      if (event.type === "block.started" && event.blockId === "Loop") controller.abort("requested");
    });
    expect(events.at(-2)).toMatchObject({ type: "block.failed", error: { code: "CANCELLED" } });
    expect(events.at(-1)).toMatchObject({ type: "run.cancelled" });
  });
});
