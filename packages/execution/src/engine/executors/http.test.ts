import { describe, expect, test } from "vitest";
import { http, planOf, start } from "../testing/plans.ts";
import { answered, pick, play, TestResources } from "../testing/resources.ts";

const input = {
  a: "x/../y?z=1&q=\u00fc #",
  base: "https://example.com/api",
  dots: "..",
  line: "a\r\nx-evil: 1",
  n: 5,
};

async function run(block: ReturnType<typeof http>, resources = new TestResources()) {
  const events = await play(planOf([start(Object.keys(input)), block], ["Start -> A"]), resources, { input });
  return { events, resources, last: events.at(-1) };
}

describe("the http block's URL", () => {
  test("a reference inside it is one percent-encoded piece: it adds no path, parameter or host", async () => {
    const { resources } = await run(http("A", "https://example.com/u/<Start.a>/<Start.n>?k=<Start.a>"));
    const piece = "x%2F..%2Fy%3Fz%3D1%26q%3D%C3%BC%20%23";
    expect(resources.requests[0]?.url).toBe(`https://example.com/u/${piece}/5?k=${piece}`);
  });

  test("a reference at its beginning, or that is all of it, goes in as it is", async () => {
    expect((await run(http("A", "<Start.base>/v1"))).resources.requests[0]?.url).toBe(
      "https://example.com/api/v1",
    );
    expect((await run(http("A", "<Start.base>"))).resources.requests[0]?.url).toBe("https://example.com/api");
  });

  test("a piece of the path that would climb out of it is refused; in the query it is text", async () => {
    const { last, resources } = await run(http("A", "https://example.com/u/<Start.dots>/secret"));
    expect(last).toMatchObject({ error: { code: "INVALID_INPUT", blockId: "A" } });
    expect(resources.requests).toEqual([]);
    expect((await run(http("A", "https://example.com/?q=<Start.dots>"))).resources.requests).toHaveLength(1);
  });

  test("a line break in a value that begins it is refused", async () => {
    const { last, resources } = await run(http("A", "<Start.line>"));
    expect(last).toMatchObject({ error: { code: "INVALID_INPUT" } });
    expect(resources.requests).toEqual([]);
  });
});

describe("the http block's request", () => {
  test.each([
    ["a value with a line break", { "x-a": "<Start.line>" }],
    ["a value beyond Latin-1", { "x-a": "\u4f60" }],
  ])("%s among the headers is refused and nothing is sent", async (_case, headers) => {
    const { last, resources } = await run(http("A", "https://example.com/", { headers }));
    expect(last).toMatchObject({ error: { code: "INVALID_INPUT", blockId: "A" } });
    expect(resources.requests).toEqual([]);
  });

  test("carries method, headers and body, with the default and the block's own bounds", async () => {
    const fields = { method: "POST", headers: { "x-n": "<Start.n>" }, body: '{"n":<Start.n>}' } as const;
    const { resources } = await run(http("A", "https://example.com/", fields));
    await run(http("A", "https://example.com/", { ...fields, timeoutMs: 200, maxBytes: 3 }), resources);
    const asked = { method: "POST", url: "https://example.com/", headers: { "x-n": "5" }, body: '{"n":5}' };
    expect(resources.requests).toEqual([
      { ...asked, timeoutMs: 10_000, maxBytes: 1_048_576 },
      { ...asked, timeoutMs: 200, maxBytes: 3 },
    ]);
  });
});

describe("the http block's answer", () => {
  test.each([
    ["application/json; charset=utf-8", '{"a":1}', { a: 1 }],
    ["application/problem+json", "[1]", [1]],
    ["application/json", "", null],
    ["application/json", "<oops>", "<oops>"],
    ["text/plain", '{"a":1}', '{"a":1}'],
    ["text/plain; charset=no-such", "\u00fc", "\u00fc"],
  ])("of type %s with body %s", async (type, body, expected) => {
    const resources = new TestResources();
    resources.answer = () => answered(200, body, { "content-type": type });
    const { events } = await run(http("A", "https://example.com/"), resources);
    expect(pick(events, "block.completed")[1]?.output).toEqual({
      status: 200,
      headers: { "content-type": type },
      body: expected,
    });
  });

  test("with a status of failure is a completed block", async () => {
    const resources = new TestResources();
    resources.answer = () => answered(503, "busy");
    const { last } = await run(http("A", "https://example.com/"), resources);
    expect(last).toMatchObject({ type: "run.completed", output: { A: { status: 503, body: "busy" } } });
  });

  test.each([
    ["ADDRESS_NOT_ALLOWED", "ADDRESS_REFUSED", false],
    ["TIMED_OUT", "REQUEST_FAILED", true],
    ["RESPONSE_TOO_LARGE", "RESPONSE_TOO_LARGE", false],
    ["INVALID_URL", "INVALID_INPUT", false],
  ] as const)("that is missing because of %s fails the block with %s", async (failure, code, retryable) => {
    const resources = new TestResources();
    resources.answer = () => ({ ok: false, failure, message: "why" });
    const { events } = await run(http("A", "https://example.com/"), resources);
    expect(pick(events, "block.failed")).toMatchObject([{ error: { code, message: "why", retryable } }]);
  });
});
