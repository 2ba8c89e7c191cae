import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import type { OperatorServer } from "./create-mcp-servers.ts";
import { type Fixture, never, sessionOf, startFixture, textOf, urlOf } from "./testing/fixture.ts";

const patient = { timeout: 10_000 };
const script = fileURLToPath(new URL("testing/stdio-server.mjs", import.meta.url));
const running: Fixture[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((fixture) => fixture.close()));
});

function processWith(habit: string): OperatorServer {
  return { command: process.execPath, args: [script, habit], env: { LISTED: "by the operator" } };
}

async function start(openTimeoutMs = 20_000): Promise<Fixture> {
  const fixture = await startFixture({
    openTimeoutMs,
    operatorServers: {
      files: processWith("ok"),
      silent: processWith("silent"),
      mortal: processWith("dies"),
      missing: { command: "no-such-program", args: [], env: {} },
    },
  });
  running.push(fixture);
  return fixture;
}

const openAs = (fixture: Fixture, name: string, signal = never) =>
  fixture.servers.open({ kind: "operator", name }, signal);

describe("an operator's process", () => {
  test("is one for all sessions, outlives each of them and ends with the servers", async () => {
    const fixture = await start();
    const [first, second] = (await Promise.all([openAs(fixture, "files"), openAs(fixture, "files")])).map(
      sessionOf,
    );
    if (first === undefined || second === undefined) throw new Error("Two sessions were opened");
    expect(first.tools.map(({ name }) => name)).toContain("pid");
    const pid = textOf(await first.call("pid", {}, never));
    await first.close();
    expect(textOf(await second.call("pid", {}, never))).toBe(pid);
    await fixture.servers.close();
    await expect.poll(() => isAlive(Number(pid)), patient).toBe(false);
  });

  test("is given what the operator listed, and nothing of this process's own secrets", async () => {
    const fixture = await start();
    process.env["DATABASE_URL"] = "postgres://secret";
    const session = sessionOf(await openAs(fixture, "files"));
    const env: Record<string, string> = JSON.parse(textOf(await session.call("env", {}, never)));
    delete process.env["DATABASE_URL"];
    expect(env["LISTED"]).toBe("by the operator");
    const harmless = ["LISTED", "PATH", "HOME", "LOGNAME", "SHELL", "TERM", "USER"];
    expect(Object.keys(env).filter((name) => !harmless.includes(name))).toEqual([]);
  });

  test("keeps apart what two sessions ask at once", async () => {
    const fixture = await start();
    const first = sessionOf(await openAs(fixture, "files"));
    const second = sessionOf(await openAs(fixture, "files"));
    const results = await Promise.all([
      first.call("slow", { ms: 200, say: "one" }, never),
      second.call("slow", { ms: 100, say: "two" }, never),
      first.call("slow", { ms: 0, say: "three" }, never),
    ]);
    expect(results.map(textOf)).toEqual(["one", "two", "three"]);
  });

  test("that died fails its calls and is started anew by the next session", async () => {
    const fixture = await start();
    const session = sessionOf(await openAs(fixture, "files"));
    const pid = textOf(await session.call("pid", {}, never));
    const waiting = session.call("hang", {}, never);
    const died = { ok: false, failure: "CONNECTION_FAILED", message: "The MCP server's process has ended" };
    expect(await session.call("die", {}, never)).toEqual(died);
    expect(await waiting).toEqual(died);
    expect(await session.call("pid", {}, never)).toEqual(died);
    const next = sessionOf(await openAs(fixture, "files"));
    expect(textOf(await next.call("pid", {}, never))).not.toBe(pid);
  });

  test("that writes more than is read is ended", async () => {
    const fixture = await start();
    const session = sessionOf(await openAs(fixture, "files"));
    expect(await session.call("giant", {}, never)).toEqual({
      ok: false,
      failure: "RESPONSE_TOO_LARGE",
      message: "The MCP server's answer is larger than 10000000 bytes",
    });
    expect(textOf(await sessionOf(await openAs(fixture, "files")).call("pid", {}, never))).toMatch(/^\d+$/);
  });

  test("that cannot be started, dies at once or never speaks is a failure", async () => {
    const fixture = await start(3_000);
    expect(await openAs(fixture, "missing")).toEqual({
      ok: false,
      failure: "CONNECTION_FAILED",
      message: "The MCP server cannot be reached (ENOENT)",
    });
    expect(await openAs(fixture, "mortal")).toMatchObject({ failure: "CONNECTION_FAILED" });
    expect(await openAs(fixture, "silent")).toMatchObject({ failure: "TIMED_OUT" });
  });

  test("goes on when a session's call is aborted or its session is closed under a call", async () => {
    const fixture = await start();
    const session = sessionOf(await openAs(fixture, "files"));
    const pid = textOf(await session.call("pid", {}, never));
    const abort = new AbortController();
    const aborted = session.call("hang", {}, abort.signal);
    const closed = session.call("hang", {}, never);
    abort.abort();
    expect(await aborted).toMatchObject({ failure: "ABORTED" });
    await session.close();
    expect(await closed).toMatchObject({ failure: "ABORTED" });
    expect(textOf(await sessionOf(await openAs(fixture, "files")).call("pid", {}, never))).toBe(pid);
  });

  test("is not ended by a caller who gives up while it starts", async () => {
    const fixture = await start();
    const abort = new AbortController();
    const impatient = openAs(fixture, "files", abort.signal);
    const patientOne = openAs(fixture, "files");
    abort.abort();
    expect(await impatient).toMatchObject({ failure: "ABORTED" });
    expect(await patientOne).toMatchObject({ ok: true });
  });
});

test("a server that nobody set up is unknown, whatever its name", async () => {
  const fixture = await start();
  for (const name of ["other", "constructor", "__proto__"]) {
    expect(await openAs(fixture, name)).toEqual({
      ok: false,
      failure: "UNKNOWN_SERVER",
      message: `There is no MCP server named ${name}`,
    });
  }
});

test("an operator's server may be an address with headers of the operator's", async () => {
  const fixture = await start();
  const { server, guarded } = fixture;
  const named = await startFixture({
    operatorFetch: guarded.fetch,
    operatorServers: { remote: { url: urlOf(server, "/few"), headers: { "X-Key": "of the operator" } } },
  });
  running.push(named);
  const session = sessionOf(await openAs(named, "remote"));
  expect(JSON.parse(textOf(await session.call("headers", {}, never)))).toMatchObject({
    "x-key": "of the operator",
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
