import { afterEach, describe, expect, test } from "vitest";
import { type Fixture, never, sessionOf, startFixture, textOf, urlOf } from "../testing/fixture.ts";

const patient = { timeout: 10_000 };
const running: Fixture[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((fixture) => fixture.close()));
});

async function start(options: Parameters<typeof startFixture>[0] = {}): Promise<Fixture> {
  const fixture = await startFixture(options);
  running.push(fixture);
  return fixture;
}

describe("a session", () => {
  test("lists the tools of all pages, without those that only answer with tasks, and calls them", async () => {
    for (const path of ["/few", "/json"]) {
      const { open } = await start();
      const session = sessionOf(await open(path));
      expect(session.tools).toHaveLength(59);
      expect(session.tools[0]).toEqual({
        name: "tool-1",
        description: "A tool",
        parameters: { type: "object", properties: { said: { type: "string" } } },
      });
      expect(await session.call("echo", { said: "hello" }, never)).toEqual({
        ok: true,
        text: "You said hello",
        isError: false,
      });
    }
  });

  test("sends the author's headers with every request", async () => {
    const { open } = await start();
    const session = sessionOf(await open("/few", { "X-Api-Key": "secret", Host: "forged.test" }));
    const headers = JSON.parse(textOf(await session.call("headers", {}, never)));
    expect(headers).toMatchObject({ "x-api-key": "secret", host: expect.stringContaining("mcp.test") });
  });

  test("of a server without tools has none", async () => {
    const { open } = await start();
    expect(sessionOf(await open("/none")).tools).toEqual([]);
  });

  test("carries calls in parallel", async () => {
    const { open } = await start();
    const session = sessionOf(await open("/few"));
    const said = Array.from({ length: 20 }, (_, index) => String(index));
    const results = await Promise.all(said.map((each) => session.call("echo", { said: each }, never)));
    expect(results.map(textOf)).toEqual(said.map((each) => `You said ${each}`));
  });

  test("opens no stream for what the server says on its own, and keeps its connection", async () => {
    const { open, server } = await start();
    const session = sessionOf(await open("/json"));
    for (let call = 0; call < 10; call += 1) await session.call("echo", { said: "hello" }, never);
    expect(server.requests.filter((request) => request.startsWith("GET"))).toEqual([]);
    // Two, for undici frees one a turn of the event loop after the answer, and DNS takes no turn here.
    expect(server.sockets.size).toBeLessThanOrEqual(2);
  });

  test("ends at the server when it is closed, and leaves no socket when all is closed", async () => {
    const { open, server, servers, guarded } = await start();
    const session = sessionOf(await open("/few"));
    sessionOf(await open("/few"));
    expect(server.sessions()).toBe(2);
    await session.close();
    await session.close();
    expect(server.sessions()).toBe(1);
    expect(await session.call("echo", {}, never)).toMatchObject({ ok: false, failure: "ABORTED" });
    await servers.close();
    expect(server.sessions()).toBe(0);
    expect(await open("/few")).toMatchObject({ ok: false, failure: "ABORTED" });
    await guarded.close();
    await expect.poll(() => server.sockets.size, patient).toBe(0);
  });
});

describe("what a tool answers", () => {
  test("as an error is marked so", async () => {
    const { open } = await start();
    const session = sessionOf(await open("/few"));
    expect(await session.call("fail", {}, never)).toEqual({ ok: true, text: "It went wrong", isError: true });
    // An error of the protocol is the server's answer as well: the model can try something else.
    expect(await session.call("missing", {}, never)).toEqual({
      ok: true,
      text: expect.stringContaining("There is no tool missing"),
      isError: true,
    });
  });

  test("that is no text is named, not shown", async () => {
    const { open } = await start();
    const session = sessionOf(await open("/few"));
    expect(textOf(await session.call("parts", {}, never)).split("\n")).toEqual([
      "before",
      "[image, image/png]",
      "[audio, audio/wav]",
      "[link to file:///a]",
      "its text",
      "[resource file:///c]",
    ]);
    expect(textOf(await session.call("structured", {}, never))).toBe('{"answer":42}');
  });

  test("beyond 200 KB is cut between characters, and says so", async () => {
    const { open } = await start();
    const session = sessionOf(await open("/few"));
    const text = textOf(await session.call("huge", {}, never));
    expect(text).toBe(`${"é".repeat(100_000)}\n[cut: 200000 of 300000 bytes are shown]`);
  });

  test("beyond what is read at all is a failure", async () => {
    for (const path of ["/few", "/json"]) {
      const { open } = await start();
      const session = sessionOf(await open(path));
      expect(await session.call("giant", {}, never)).toMatchObject({ failure: "RESPONSE_TOO_LARGE" });
    }
  });
});

describe("tools that are too many", () => {
  test("1,000 of them are refused, without reading them all", async () => {
    const { open, server } = await start();
    expect(await open("/thousand")).toEqual({
      ok: false,
      failure: "RESPONSE_TOO_LARGE",
      message: "The MCP server lists more than 128 tools",
    });
    expect(server.requests.length).toBeLessThan(10);
    expect(server.sessions()).toBe(0);
  });

  test("descriptions of more than 256 KB and pages without end are refused", async () => {
    const { open } = await start();
    expect(await open("/wordy")).toMatchObject({ failure: "RESPONSE_TOO_LARGE" });
    expect(await open("/endless")).toMatchObject({ failure: "RESPONSE_TOO_LARGE" });
  });
});

describe("failures", () => {
  test("tell what went wrong and nothing that the server or the author's headers say", async () => {
    const { open } = await start();
    const expected = {
      "/401": ["CONNECTION_FAILED", "The MCP server answered with HTTP status 401"],
      "/500": ["CONNECTION_FAILED", "The MCP server answered with HTTP status 500"],
      "/html": ["PROTOCOL_ERROR", "The MCP server's answer is neither JSON nor an event stream"],
      "/garbage": ["PROTOCOL_ERROR", "The MCP server's answer cannot be read"],
      "/nonsense": ["PROTOCOL_ERROR", "The MCP server's answer cannot be read"],
    };
    for (const [path, [failure, message]] of Object.entries(expected)) {
      expect(await open(path)).toEqual({ ok: false, failure, message });
    }
    expect(await open("/few", { "X-Key": "secret\r\nX: 1" })).toEqual({
      ok: false,
      failure: "CONNECTION_FAILED",
      message: "A header's name or value for the MCP server cannot be sent",
    });
  });

  test("an address that is private, is no URL or is not https is refused", async () => {
    const fixture = await start({ resolve: async () => [{ address: "10.0.0.1", family: 4 }] });
    const open = (url: string) => fixture.servers.open({ kind: "http", url, headers: {} }, never);
    for (const url of [
      "https://internal.test/mcp",
      "https://127.0.0.2/mcp",
      "https://[::1]/mcp",
      "file:///etc/passwd",
      "nonsense",
    ]) {
      expect(await open(url)).toMatchObject({ ok: false, failure: "ADDRESS_NOT_ALLOWED" });
    }
    expect(fixture.server.sockets.size).toBe(0);
  });

  test("a name that turns private between two calls of a session is refused", async () => {
    let address = "127.0.0.1";
    const { open, server } = await start({ resolve: async () => [{ address, family: 4 }] });
    const session = sessionOf(await open("/few"));
    const before = server.requests.length;
    address = "10.0.0.1";
    expect(await session.call("echo", {}, never)).toMatchObject({ failure: "ADDRESS_NOT_ALLOWED" });
    expect(server.requests).toHaveLength(before);
  });

  test("a redirect to a private address or to another origin is not followed", async () => {
    const internal = await start();
    const { open, server } = await start();
    for (const target of [
      urlOf(internal.server, "/few"),
      `https://127.0.0.1:${internal.server.port}/few`,
      "https://10.0.0.1/few",
      "http://169.254.169.254/latest",
    ]) {
      expect(await open(`/redirect?${target}`, { Authorization: "Bearer secret" })).toMatchObject({
        failure: "ADDRESS_NOT_ALLOWED",
      });
    }
    expect(internal.server.requests).toEqual([]);
    expect(await open(`/redirect?${urlOf(server, "/few")}`)).toMatchObject({ ok: true });
  });

  test("nobody there, a name without address", async () => {
    const { servers, server } = await start();
    await server.close();
    const url = urlOf(server, "/few");
    expect(await servers.open({ kind: "http", url, headers: {} }, never)).toMatchObject({
      failure: "CONNECTION_FAILED",
      message: "The MCP server cannot be reached (ECONNREFUSED)",
    });
    const nameless = await start({ resolve: () => Promise.reject(new Error("ENOTFOUND")) });
    expect(await nameless.open("/few")).toMatchObject({ failure: "CONNECTION_FAILED" });
  });

  test("a server that does not answer ends with the time, when it is opened and when it is called", async () => {
    const { open, server } = await start({ openTimeoutMs: 1_000, callTimeoutMs: 500 });
    expect(await open("/silent")).toEqual({
      ok: false,
      failure: "TIMED_OUT",
      message: "The MCP server took longer than 1000 ms",
    });
    const session = sessionOf(await open("/few"));
    expect(await session.call("hang", {}, never)).toMatchObject({ failure: "TIMED_OUT" });
    // The session goes on, and the server was told to stop.
    expect(textOf(await session.call("echo", { said: "on" }, never))).toBe("You said on");
    await expect.poll(() => server.hanging, patient).toEqual(["called", "cancelled"]);
  });

  test("a stream that ends or breaks before the answer fails at once, not with the time", async () => {
    const { open } = await start({ callTimeoutMs: 60_000 });
    const session = sessionOf(await open("/few"));
    expect(await session.call("ends", {}, never)).toEqual({
      ok: false,
      failure: "CONNECTION_FAILED",
      message: "The MCP server's answer broke off",
    });
    expect(await session.call("breaks", {}, never)).toMatchObject({ failure: "CONNECTION_FAILED" });
    expect(textOf(await session.call("echo", { said: "on" }, never))).toBe("You said on");
  });

  test("an abort ends a call at once, tells the server and closes the socket", async () => {
    const { open, server, guarded } = await start();
    const session = sessionOf(await open("/few"));
    const abort = new AbortController();
    const pending = session.call("hang", {}, abort.signal);
    await expect.poll(() => server.hanging, patient).toEqual(["called"]);
    abort.abort();
    expect(await pending).toEqual({ ok: false, failure: "ABORTED", message: "The call was stopped" });
    await expect.poll(() => server.hanging, patient).toEqual(["called", "cancelled"]);
    await expect.poll(() => guarded.inspect().callsInFlight, patient).toBe(0);
    expect(await session.call("echo", {}, AbortSignal.abort())).toMatchObject({ failure: "ABORTED" });
  });

  test("an abort while it is opened leaves no session behind", async () => {
    const { open, server } = await start();
    const abort = new AbortController();
    const pending = open("/silent", {}, abort.signal);
    await expect.poll(() => server.requests.length, patient).toBe(1);
    abort.abort();
    expect(await pending).toMatchObject({ failure: "ABORTED" });
  });
});
