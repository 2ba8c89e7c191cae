import type { AgentTool, JsonValue } from "@gantry/workflow";
import { describe, expect, test } from "vitest";
import { agent, httpTool, planOf, start } from "../../../testing/plans.ts";
import {
  answered,
  callOf,
  pick,
  play,
  roundsBefore,
  streamOf,
  TestResources,
} from "../../../testing/resources.ts";

const withTool = (tool: AgentTool) =>
  planOf([start(["q"]), agent("A", "Q", { tools: [tool] })], ["Start -> A"]);

function calling(args: JsonValue): TestResources {
  const resources = new TestResources();
  resources.model = (request) => (roundsBefore(request) === 0 ? callOf(["get", args]) : streamOf("Done"));
  return resources;
}

function told(resources: TestResources) {
  const message = resources.prompts[1]?.messages[2];
  return message?.role === "tool" ? message.results[0] : undefined;
}

describe("an http tool", () => {
  test("puts the arguments into the query, encoded, after what the author wrote, and leaves that as it is", async () => {
    const resources = calling({ city: "Zürich & co", n: 2, list: [1], none: null });
    const tool = httpTool("get", "https://example.com/w%20x?sig=a+b#top", { headers: { accept: "x/y" } });
    await play(withTool(tool), resources);
    expect(resources.requests).toMatchObject([
      {
        method: "GET",
        url: "https://example.com/w%20x?sig=a+b&city=Z%C3%BCrich%20%26%20co&n=2&list=%5B1%5D#top",
        headers: { accept: "x/y" },
        body: null,
      },
    ]);
  });

  test("no argument can change the host or the path", async () => {
    const resources = calling({ "x=1&y": "../@evil.example/#" });
    await play(withTool(httpTool("get", "https://example.com/a")), resources);
    const url = new URL(resources.requests[0]?.url ?? "");
    expect([url.host, url.pathname, url.hash]).toEqual(["example.com", "/a", ""]);
    expect([...url.searchParams]).toEqual([["x=1&y", "../@evil.example/#"]]);
  });

  test.each(["POST", "PUT", "PATCH"] as const)("sends them as JSON with %s", async (method) => {
    const resources = calling({ city: "Bern" });
    await play(withTool(httpTool("get", "https://example.com/", { method })), resources);
    expect(resources.requests).toMatchObject([
      {
        method,
        url: "https://example.com/",
        headers: { "content-type": "application/json" },
        body: '{"city":"Bern"}',
      },
    ]);
  });

  test("says what its content is as the author did, in whatever case", async () => {
    const resources = calling({});
    const headers = { "Content-Type": "application/vnd.x+json" };
    await play(withTool(httpTool("get", "https://example.com/", { method: "POST", headers })), resources);
    expect(resources.requests[0]?.headers).toEqual(headers);
  });

  test("tells status and parsed body, and a status of 400 or more as an error", async () => {
    const resources = calling({});
    resources.answer = () => answered(200, '{"t":21}', { "content-type": "application/json" });
    await play(withTool(httpTool("get", "https://example.com/")), resources);
    expect(told(resources)).toMatchObject({ isError: false, text: '{"status":200,"body":{"t":21}}' });
    const missing = calling({});
    missing.answer = () => answered(404, "no such city");
    await play(withTool(httpTool("get", "https://example.com/")), missing);
    expect(told(missing)).toMatchObject({ isError: true, text: '{"status":404,"body":"no such city"}' });
  });

  test("tells the model when there is no answer, and the block goes on", async () => {
    const resources = calling({});
    resources.answer = () => ({
      ok: false,
      failure: "ADDRESS_NOT_ALLOWED",
      message: "Not a public address.",
    });
    const events = await play(withTool(httpTool("get", "https://example.com/")), resources);
    expect(told(resources)).toMatchObject({ isError: true, text: "Not a public address." });
    expect(events.at(-1)).toMatchObject({ type: "run.completed" });
  });

  test("carries secrets in its address and headers, which neither the model nor an event is told", async () => {
    const resources = calling({});
    resources.secrets = { KEY: "s3cr3t-value" };
    resources.answer = (request) => answered(200, request.headers["x-key"] ?? "");
    const tool = httpTool("get", "https://example.com/?k={{KEY}}", { headers: { "x-key": "{{KEY}}" } });
    const events = await play(withTool(tool), resources);
    expect(resources.requests).toMatchObject([
      { url: "https://example.com/?k=s3cr3t-value", headers: { "x-key": "s3cr3t-value" } },
    ]);
    expect(told(resources)?.text).toBe('{"status":200,"body":"{{KEY}}"}');
    expect(JSON.stringify([events, resources.prompts])).not.toContain("s3cr3t");
    expect(pick(events, "block.started")[1]?.input).toMatchObject({
      tools: [{ url: "https://example.com/?k={{KEY}}", headers: { "x-key": "{{KEY}}" } }],
    });
  });

  test("with a line break in a header fails the block before a model is asked", async () => {
    const resources = calling({});
    const tool = httpTool("get", "https://example.com/", { headers: { "x-q": "<Start.q>" } });
    const events = await play(withTool(tool), resources, { input: { q: "a\r\nhost: evil.example" } });
    expect(events.at(-1)).toMatchObject({ error: { code: "INVALID_INPUT" } });
    expect([resources.prompts, resources.requests]).toEqual([[], []]);
  });
});
