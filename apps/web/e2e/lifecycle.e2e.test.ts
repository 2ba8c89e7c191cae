import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { startServer, temporaryFolder, whenReady } from "./harness/app.ts";
import {
  freePort,
  type ProcessLine,
  processes,
  processTree,
  type Started,
  until,
} from "./harness/process.ts";

const folders: string[] = [];
const running: Started[] = [];

afterEach(async () => {
  for (const started of running.splice(0)) {
    if (started.child.exitCode === null) started.child.kill("SIGTERM");
    await started.ended;
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("starting", () => {
  test("prints its progress, exactly one line that it is ready, the sign-in, and writes demo.json", async () => {
    const { started, app, dataDir, port } = await start();
    const lines = started.output().split("\n");
    const ready = lines.filter((line) => line.includes("Gantry is ready"));
    expect(ready).toEqual([`Gantry is ready at http://127.0.0.1:${port}`]);
    const before = lines.slice(0, lines.indexOf(ready[0] ?? ""));
    expect(before.filter((line) => /\d s\)?$/.test(line)).length).toBeGreaterThan(1);
    await until("the sign-in is printed", () => started.output().includes(app.demo.owner.password));
    expect(started.output()).toContain(app.demo.owner.email);

    const demo: unknown = JSON.parse(readFileSync(join(dataDir, "demo.json"), "utf8"));
    expect(demo).toEqual({
      baseUrl: `http://127.0.0.1:${port}`,
      apiKey: expect.stringMatching(/^gty_/),
      owner: { email: expect.stringContaining("@"), password: expect.stringMatching(/.{12}/) },
      workflows: expect.arrayContaining([{ id: expect.any(String), name: "Summarize text" }]),
    });
    expect(statSync(join(dataDir, "demo.json")).mode & 0o077).toBe(0);
    for (const path of ["/healthz", "/readyz"]) expect((await fetch(app.baseUrl + path)).status).toBe(200);
    expect(await (await fetch(app.baseUrl)).text()).toContain("<!doctype html>");
  });

  test.skipIf(spawnSync("curl", ["--version"]).status !== 0)(
    "prints a curl command that runs a workflow when a shell is given it",
    async () => {
      const { started } = await start();
      const command = await until("the command is printed", () => /^ *curl .*$/m.exec(started.output())?.[0]);
      const { stdout, status } = spawnSync("sh", ["-c", command], { encoding: "utf8", timeout: 30_000 });
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ data: { status: "completed", error: null } });
    },
  );
});

// Needs /proc.
describe.skipIf(process.platform !== "linux")("stopping", () => {
  test("SIGTERM ends it with 0 and leaves no process behind; the next start has the same data", async () => {
    const first = await start();
    const family = everyProcessOf(first.started.pid, first.dataDir);
    expect(family.some(({ command }) => command.includes("postgres"))).toBe(true);
    first.started.child.kill("SIGTERM");
    expect(await first.started.ended).toBe(0);
    expect(first.started.errors()).toBe("");
    await noneOf(family, first.dataDir, 3_000);

    const second = await start(first.dataDir);
    expect({ ...second.app.demo, baseUrl: "" }).toEqual({ ...first.app.demo, baseUrl: "" });
  });

  test("Ctrl-C, which every process of the group gets, ends it with 0 and leaves no process behind", async () => {
    const { started, dataDir } = await start();
    const family = everyProcessOf(started.pid, dataDir);
    process.kill(-started.pid, "SIGINT");
    expect(await started.ended).toBe(0);
    await noneOf(family, dataDir, 3_000);
  });

  test("kill -9 leaves no database behind, and the next start works", async () => {
    const first = await start();
    const family = everyProcessOf(first.started.pid, first.dataDir);
    first.started.child.kill("SIGKILL");
    expect(await first.started.ended).toBe("SIGKILL");
    await noneOf(family, first.dataDir, 10_000);

    const second = await start(first.dataDir);
    expect(second.app.demo.workflows).toEqual(first.app.demo.workflows);
  });

  test("a start right after kill -9 works, even while the old database still stops", async () => {
    const first = await start();
    first.started.child.kill("SIGKILL");
    await first.started.ended;
    const second = await start(first.dataDir);
    expect(second.app.demo.apiKey).toBe(first.app.demo.apiKey);
  });

  test("SIGTERM while a run waits for its model ends the run, settles it, and still leaves nothing", async () => {
    const { started, app, dataDir } = await start();
    const family = everyProcessOf(started.pid, dataDir);
    const answer = fetch(`${app.baseUrl}/api/v2/workflows/${app.workflowId("Summarize text")}/execute`, {
      method: "POST",
      headers: { "X-API-Key": app.demo.apiKey, "Content-Type": "application/json" },
      body: JSON.stringify({ input: { text: "[[hang]]" } }),
    });
    await until("the run has a slot", () =>
      app.query(async (sql) => (await sql`SELECT run_id FROM slots`).length === 1),
    );
    started.child.kill("SIGTERM");
    expect(await (await answer).json()).toMatchObject({ data: { status: "cancelled" } });
    expect(await started.ended).toBe(0);
    await noneOf(family, dataDir, 3_000);

    const again = await start(dataDir);
    const [left] = await again.app.query(
      (sql) => sql`SELECT (SELECT count(*) FROM slots) AS slots, (SELECT status FROM runs) AS status`,
    );
    expect({ slots: Number(left?.["slots"]), status: left?.["status"] }).toEqual({
      slots: 0,
      status: "cancelled",
    });
  });
});

describe("what an operator can mend is one clear sentence and exit code 1", () => {
  test("a port in use", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await refusal({ PORT: String(port) })).toContain(String(port));
    taken.close();
  });

  test("a data folder that cannot be written", async () => {
    const file = join(newFolder(), "file");
    writeFileSync(file, "");
    expect(await refusal({ GANTRY_DATA_DIR: join(file, "data") })).toContain(join(file, "data"));
  });

  test("a database that does not answer", async () => {
    const url = `postgres://gantry:secret@127.0.0.1:${await freePort()}/gantry`;
    const sentence = await refusal({ DATABASE_URL: url });
    expect(sentence).toMatch(/database|DATABASE_URL/i);
    expect(sentence).not.toContain("secret");
  });

  test("a second Gantry in the same data folder, and the first one goes on", async () => {
    const { app, dataDir } = await start();
    expect(await refusal({ GANTRY_DATA_DIR: dataDir })).toContain(dataDir);
    expect((await fetch(`${app.baseUrl}/readyz`)).status).toBe(200);
  });

  test("production without its secrets: all that is missing is named, and nothing is written", async () => {
    const dataDir = join(newFolder(), "data");
    const sentence = await refusal({ NODE_ENV: "production", GANTRY_DATA_DIR: dataDir });
    for (const name of ["DATABASE_URL", "AUTH_SECRET", "ENCRYPTION_KEY"]) expect(sentence).toContain(name);
    expect(existsSync(dataDir)).toBe(false);
  });
});

async function start(dataDir = newFolder()) {
  const port = await freePort();
  const started = startServer(dataDir, port);
  running.push(started);
  return { started, dataDir, port, app: await whenReady(started, dataDir) };
}

/** Starts with this environment, expects a refusal, and gives back its only line. */
async function refusal(env: Readonly<Record<string, string>>): Promise<string> {
  const dataDir = env["GANTRY_DATA_DIR"] ?? newFolder();
  const started = startServer(dataDir, await freePort(), env);
  running.push(started);
  expect(await started.ended).toBe(1);
  const lines = started.errors().trimEnd().split("\n");
  expect(lines).toHaveLength(1);
  expect(started.output()).not.toMatch(/^\s+at /m);
  await noneOf([], dataDir === env["GANTRY_DATA_DIR"] ? null : dataDir, 3_000);
  return lines[0] ?? "";
}

function newFolder(): string {
  const folder = temporaryFolder();
  folders.push(folder);
  return folder;
}

/** The process, its descendants, and whatever else works in its data folder: the database has a session of its own. */
function everyProcessOf(pid: number, dataDir: string): ProcessLine[] {
  const named = processes().filter(({ command }) => command.includes(dataDir));
  const roots = [pid, ...named.map((each) => each.pid)];
  return roots.flatMap((root) => processTree(root)).filter((each) => each.pid !== process.pid);
}

async function noneOf(
  family: readonly ProcessLine[],
  dataDir: string | null,
  timeoutMs: number,
): Promise<void> {
  const known = new Map(family.map(({ pid, command }) => [pid, command]));
  const left = () =>
    processes().filter(
      ({ pid, command }) => known.get(pid) === command || (dataDir !== null && command.includes(dataDir)),
    );
  await until("no process is left", () => left().length === 0, timeoutMs).catch((cause: unknown) => {
    throw new Error(`still there: ${JSON.stringify(left())}`, { cause });
  });
}
