import type { McpCallResult, McpSession } from "@gantry/mcp";
import type { AgentTool } from "@gantry/workflow";
import { describe, expect, test } from "vitest";
import { agent, fnTool, planOf, start } from "../../../testing/plans.ts";
import {
  aborted,
  callOf,
  outline,
  pick,
  play,
  roundsBefore,
  streamOf,
  TestResources,
} from "../../../testing/resources.ts";

const mcp = (name = "files", only?: string[]): AgentTool => ({
  type: "mcp",
  server: { kind: "operator", name },
  ...(only === undefined ? {} : { only }),
});
const withTools = (...tools: AgentTool[]) => planOf([start(), agent("A", "Q", { tools })], ["Start -> A"]);

class Session implements McpSession {
  readonly tools: McpSession["tools"];
  readonly calls: unknown[] = [];
  closed = 0;
  answer: (signal: AbortSignal) => Promise<McpCallResult> = async () => ({
    ok: true,
    text: "42",
    isError: false,
  });

  constructor(...names: string[]) {
    this.tools = names.map((name) => ({
      name,
      description: `Does ${name}`,
      // In a dialect that is not read here.
      parameters: { type: "object", properties: { a: { $dynamicRef: "#meta" } } },
    }));
  }

  async call(name: string, args: { readonly [key: string]: unknown }, signal: AbortSignal) {
    this.calls.push([name, args]);
    return await this.answer(signal);
  }

  async close() {
    this.closed += 1;
  }
}

/** Operators' servers by name; the model calls `read` once. */
function serving(sessions: Readonly<Record<string, McpSession>>): TestResources {
  const resources = new TestResources();
  resources.server = async (server) => {
    const session = server.kind === "operator" ? sessions[server.name] : sessions[server.url];
    return session === undefined
      ? { ok: false, failure: "CONNECTION_FAILED", message: "No connection to the MCP server." }
      : { ok: true, session };
  };
  resources.model = (request) =>
    roundsBefore(request) === 0 ? callOf(["read", { path: "a" }]) : streamOf("Done");
  return resources;
}

describe("the tools of an MCP server", () => {
  test("are offered as they are, beside others, and called by their names in one session", async () => {
    const session = new Session("read", "write");
    const resources = serving({ files: session });
    const events = await play(withTools(mcp(), fnTool("own")), resources);
    expect(resources.prompts[0]?.tools.map(({ name }) => name)).toEqual(["read", "write", "own"]);
    expect(session.calls).toEqual([["read", { path: "a" }]]);
    expect(events.at(-1)).toMatchObject({ output: { A: { toolCalls: [{ name: "read", result: "42" }] } } });
    expect(resources.opened).toHaveLength(1);
    expect(session.closed).toBe(1);
  });

  test("are those that the block allows", async () => {
    const session = new Session("read", "write");
    const resources = serving({ files: session });
    await play(withTools(mcp("files", ["write"])), resources);
    expect(resources.prompts[0]?.tools.map(({ name }) => name)).toEqual(["write"]);
    expect(session.calls).toEqual([]);
  });

  test("come from an address with the block's values in it", async () => {
    const resources = serving({ "https://mcp.example/v%2F1": new Session("read") });
    resources.secrets = { V: "v/1" };
    const server = { kind: "http" as const, url: "https://mcp.example/{{V}}", headers: { "x-key": "{{V}}" } };
    await play(withTools({ type: "mcp", server }), resources);
    expect(resources.opened).toEqual([
      { kind: "http", url: "https://mcp.example/v%2F1", headers: { "x-key": "v/1" } },
    ]);
  });

  test("answer errors that the model is told", async () => {
    const session = new Session("read");
    session.answer = async () => ({ ok: false, failure: "TIMED_OUT", message: "No answer in time." });
    const events = await play(withTools(mcp()), serving({ files: session }));
    expect(events.at(-1)).toMatchObject({
      output: { A: { toolCalls: [{ isError: true, result: "No answer in time." }] } },
    });
  });
});

describe("sessions", () => {
  test("are opened side by side", async () => {
    const sessions = { a: new Session("read"), b: new Session("write") };
    const resources = serving(sessions);
    const open = resources.server;
    const waiting: (() => void)[] = [];
    resources.server = async (server, signal) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) for (const go of waiting) go();
      });
      return await open(server, signal);
    };
    expect((await play(withTools(mcp("a"), mcp("b")), resources)).at(-1)).toMatchObject({
      type: "run.completed",
    });
  });

  test.each([
    ["one cannot be opened", ["a", "nowhere"], "No connection"],
    ["two servers have a tool of the same name", ["a", "twin"], '"read"'],
    ["a name is none that a model can call", ["a", "odd"], '"read.me"'],
    ["there are more than a model takes", ["a", "many"], "129"],
  ] as const)(
    "are closed, and the block fails before a model is asked, when %s",
    async (_what, names, said) => {
      const sessions = {
        a: new Session("read"),
        twin: new Session("read"),
        odd: new Session("read.me"),
        many: new Session(...Array.from({ length: 128 }, (_, index) => `t${index}`)),
      };
      const resources = serving(sessions);
      const events = await play(withTools(...names.map((name) => mcp(name))), resources);
      expect(pick(events, "block.failed")).toMatchObject([
        { error: { message: expect.stringContaining(said) } },
      ]);
      expect(resources.prompts).toEqual([]);
      expect(sessions.a.closed).toBe(1);
    },
  );

  test("are closed, and the block fails before a model is asked, when a server lacks a tool that the author named", async () => {
    const session = new Session("read");
    const resources = serving({ a: session });
    const events = await play(withTools(mcp("a", ["read", "write"])), resources);
    const message = "The MCP server a has no tool named write.";
    expect(pick(events, "block.failed")).toMatchObject([
      { error: { code: "INVALID_INPUT", message: expect.stringContaining(message) } },
    ]);
    expect(resources.prompts).toEqual([]);
    expect(session.closed).toBe(1);
  });

  test("are closed when opening another one is broken", async () => {
    const session = new Session("read");
    const resources = serving({ a: session });
    const open = resources.server;
    resources.server = async (server, signal) => {
      if (server.kind === "operator" && server.name === "b") throw new Error("bug");
      return await open(server, signal);
    };
    expect((await play(withTools(mcp("a"), mcp("b")), resources)).at(-1)).toMatchObject({
      error: { code: "INTERNAL" },
    });
    expect(session.closed).toBe(1);
  });

  test("are closed when the block is cancelled during a call, which is told to stop", async () => {
    const session = new Session("read");
    const resources = serving({ files: session });
    const controller = new AbortController();
    session.answer = async (signal) => {
      controller.abort("requested");
      await aborted(signal);
      return { ok: false, failure: "ABORTED", message: "The call was stopped." };
    };
    const events = await play(withTools(mcp()), resources, { signal: controller.signal });
    expect(outline(events).slice(-2)).toEqual(["block.failed A", "run.cancelled"]);
    expect(events.at(-2)).toMatchObject({ error: { code: "CANCELLED" } });
    expect(session.closed).toBe(1);
  });

  test("that cannot be closed in order do not change how the block ended", async () => {
    const session = new Session("read");
    session.close = async () => {
      throw new Error("gone");
    };
    expect((await play(withTools(mcp()), serving({ files: session }))).at(-1)).toMatchObject({
      type: "run.completed",
    });
  });
});
