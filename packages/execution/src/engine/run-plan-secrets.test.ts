import { ProviderError } from "@gantry/providers";
import { describe, expect, test } from "vitest";
import { agent, condition, fn, http, planOf, start } from "./testing/plans.ts";
import { answered, Failed, outline, pick, play, streamOf, TestResources } from "./testing/resources.ts";

const secret = "s3cr3t/va lue";

function withSecrets(secrets: Record<string, string | null> = { TOKEN: secret }): TestResources {
  const resources = new TestResources();
  resources.secrets = secrets;
  return resources;
}

describe("environment values", () => {
  test.each([
    ["missing", {}, "ENVIRONMENT_VALUE_MISSING"],
    ["unreadable", { TOKEN: null }, "ENVIRONMENT_VALUE_UNREADABLE"],
  ])(
    "one that is %s fails the block, names it, and nothing was sent anywhere",
    async (_case, secrets, code) => {
      const headers = { authorization: "Bearer {{TOKEN}}" };
      for (const block of [
        http("A", "https://example.com/", { headers }),
        http("A", "{{TOKEN}}"),
        http("A", "https://example.com/", { method: "POST", body: "{{TOKEN}}" }),
        agent("A", "Use {{TOKEN}}"),
        agent("A", "Hi", { system: "{{TOKEN}}" }),
        fn("A", "echo", { t: "{{TOKEN}}" }),
        condition("A", [["x", "true"]], { t: "{{TOKEN}}" }),
      ]) {
        const resources = withSecrets(secrets);
        const events = await play(planOf([start(), block], ["Start -> A"]), resources);
        expect(pick(events, "block.failed")).toMatchObject([{ blockId: "A", error: { code } }]);
        expect(pick(events, "block.failed")[0]?.error.message).toContain("TOKEN");
        expect(resources.requests).toEqual([]);
        expect(resources.prompts).toEqual([]);
        expect(resources.jobs).toEqual([]);
      }
    },
  );

  test("an error edge can take over for a missing one", async () => {
    const plan = planOf(
      [start(), fn("A", "echo", { t: "{{TOKEN}}" }), fn("Mend")],
      ["Start -> A", "A error -> Mend"],
    );
    expect((await play(plan, withSecrets({}))).at(-1)).toMatchObject({ type: "run.completed" });
  });

  test("only those that a block which runs refers to are deciphered, and each once", async () => {
    const plan = planOf(
      [
        start(),
        condition("If", [["x", "false"]]),
        fn("Not", "echo", { t: "{{SKIPPED}}" }),
        fn("A", "echo", { t: "{{TOKEN}}{{TOKEN}}" }),
        fn("B", "echo", { t: "{{TOKEN}}" }),
      ],
      ["Start -> If", "If branch:x -> Not", "If else -> A", "A -> B"],
    );
    const resources = withSecrets({ TOKEN: secret, SKIPPED: "other", UNUSED: "other" });
    await play(plan, resources);
    expect(resources.deciphered).toEqual(["TOKEN"]);
  });

  test("reach the block as they are, and a condition's source is never touched by them", async () => {
    const hostile = `" || true || "`;
    const plan = planOf(
      [start(), condition("If", [["x", "inputs.t === 'right'"]], { t: "{{TOKEN}}" })],
      ["Start -> If"],
    );
    const resources = withSecrets({ TOKEN: hostile });
    resources.code["inputs.t === 'right'"] = (inputs) => inputs["t"] === "right";
    const events = await play(plan, resources);
    expect(resources.jobs).toMatchObject([{ source: "inputs.t === 'right'", inputs: { t: hostile } }]);
    expect(events.at(-1)).toMatchObject({ output: { If: { branch: "else" } } });
  });
});

describe("secrets in events", () => {
  test("stay {{NAME}} in what a block was given, short ones too", async () => {
    const block = http("A", "{{BASE}}/x?k={{TOKEN}}&s={{SHORT}}", {
      method: "POST",
      headers: { authorization: "Bearer {{TOKEN}}" },
      body: "{{SHORT}} {{TOKEN}}",
    });
    const resources = withSecrets({ TOKEN: secret, BASE: "https://example.com", SHORT: "no" });
    const events = await play(planOf([start(), block], ["Start -> A"]), resources);
    expect(resources.requests).toMatchObject([
      {
        url: "https://example.com/x?k=s3cr3t%2Fva%20lue&s=no",
        headers: { authorization: `Bearer ${secret}` },
        body: `no ${secret}`,
      },
    ]);
    expect(pick(events, "block.started")[1]?.input).toEqual({
      method: "POST",
      url: "{{BASE}}/x?k={{TOKEN}}&s={{SHORT}}",
      headers: { authorization: "Bearer {{TOKEN}}" },
      body: "{{SHORT}} {{TOKEN}}",
    });
  });

  test("are replaced in outputs, keys included, in later inputs and in the run's output; blocks get them as they are", async () => {
    const plan = planOf(
      [start(), fn("A", "header", { t: "{{TOKEN}}" }), fn("B", "echo", { h: "<A.result.header>" })],
      ["Start -> A", "A -> B"],
    );
    const resources = withSecrets();
    resources.code["header"] = (inputs) => ({
      header: `Bearer ${String(inputs["t"])}`,
      [String(inputs["t"])]: 1,
    });
    const events = await play(plan, resources);
    expect(resources.jobs[1]?.inputs).toEqual({ h: `Bearer ${secret}` });
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(pick(events, "block.completed")[1]?.output).toEqual({
      result: { header: "Bearer {{TOKEN}}", "{{TOKEN}}": 1 },
    });
    expect(pick(events, "block.started")[2]?.input).toEqual({ inputs: { h: "Bearer {{TOKEN}}" } });
    expect(events.at(-1)).toMatchObject({ output: { B: { result: { h: "Bearer {{TOKEN}}" } } } });
  });

  test("are replaced in error texts and in what an error edge hands on", async () => {
    const plan = planOf(
      [start(), fn("A", "fail", { t: "{{TOKEN}}" }), fn("B", "echo", { m: "<A.error.message>" })],
      ["Start -> A", "A error -> B"],
    );
    const resources = withSecrets();
    resources.code["fail"] = (inputs) => new Failed("THREW", `bad token ${String(inputs["t"])}`);
    const events = await play(plan, resources);
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(resources.jobs[1]?.inputs).toEqual({ m: "bad token {{TOKEN}}" });
  });

  test("are replaced in a body that an address echoes, in the forms that JSON and URLs give them", async () => {
    const tricky = 'quo"te\nand more';
    const resources = withSecrets({ TOKEN: tricky });
    resources.answer = (request) =>
      answered(200, `${request.body ?? ""} ${JSON.stringify(tricky)} ${encodeURIComponent(tricky)}`);
    const block = http("A", "https://example.com/", { method: "POST", body: "{{TOKEN}}" });
    const events = await play(planOf([start(), block], ["Start -> A"]), resources);
    expect(pick(events, "block.completed")[1]?.output).toMatchObject({
      body: '{{TOKEN}} "{{TOKEN}}" {{TOKEN}}',
    });
  });

  test("are replaced in streamed text when split across chunks, and text that only began like one is kept", async () => {
    const resources = withSecrets({ TOKEN: "abcdef" });
    resources.model = async function* () {
      for (const text of ["x ab", "c", "def y abc", " z", " abcd"]) {
        yield* (async function* () {
          yield { type: "text" as const, text };
        })();
        await new Promise((resolve) => setImmediate(resolve));
      }
      yield* streamOf();
    };
    const plan = planOf([start(), agent("A", "Use {{TOKEN}}")], ["Start -> A"]);
    const chunks = pick(await play(plan, resources), "text.chunk").map((event) => event.text);
    expect(chunks.join("")).toBe("x {{TOKEN}} y abc z abcd");
    expect(chunks.length).toBeGreaterThan(1);
  });

  test("the provider's key is replaced in the text of a failed call", async () => {
    const resources = new TestResources();
    resources.model = () => {
      throw new ProviderError({
        provider: "anthropic",
        code: "AUTHENTICATION_FAILED",
        phase: "awaiting_response",
        message: "invalid x-api-key sk-platform-key",
        retryable: false,
      });
    };
    const events = await play(planOf([start(), agent("A")], ["Start -> A"]), resources);
    expect(outline(events).at(-1)).toBe("run.failed");
    expect(JSON.stringify(events)).not.toContain("sk-platform-key");
  });
});
