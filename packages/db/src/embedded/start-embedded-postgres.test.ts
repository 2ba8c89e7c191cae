import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeScratchFolder } from "../testing/scratch-folder.ts";
import { freePort } from "./free-port.ts";
import { poll } from "./poll.ts";
import { commandOf } from "./process-table.ts";
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "./start-embedded-postgres.ts";

/** Lets a plain node run our source. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Holds a cluster that tests copy, which is much cheaper than making one. */
let pristine: string;
let parent: string;
let dataDir: string;
const running: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  pristine = await makeScratchFolder("gantry-embedded");
  await (await startEmbeddedPostgres({ dataDir: pristine, settings: { fsync: "off" } })).stop();
});
afterAll(() => rm(pristine, { recursive: true }));

beforeEach(async () => {
  parent = await makeScratchFolder("gantry-embedded");
  dataDir = join(parent, "postgres");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const server of running.splice(0)) await server.stop();
  // A process that was killed with its server may still be writing.
  await rm(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

describe("embedded PostgreSQL", () => {
  test("data survives stop and start, and a stale process id that now belongs to a stranger is no obstacle", async () => {
    await copyCluster();
    const first = await start();
    await query(first, "create table kept as select 42 as answer");
    await first.stop();
    expect(readdirSync(dataDir).filter((name) => name.startsWith("owner-"))).toEqual([]);

    await writeFile(join(dataDir, "cluster", "postmaster.pid"), `${process.pid}\n`);
    const second = await start();
    expect(await query(second, "select answer from kept")).toEqual([{ answer: 42 }]);

    // The folder has a new owner, which a second stop of the old server must not disturb.
    await first.stop();
    await expect(start()).rejects.toMatchObject({ problem: "folder-in-use" });
  });

  test("durability is on, the locale is C.UTF-8, and only the password opens the door", async () => {
    const server = await start({ settings: {} });
    expect(
      await query(
        server,
        `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
          current_setting('server_encoding') as encoding, datlocale as locale
        from pg_database where datname = current_database()`,
      ),
    ).toEqual([{ fsync: "on", commit: "on", encoding: "UTF8", locale: "C.UTF-8" }]);

    const guess = new URL(server.url);
    guess.password = "guess";
    await expect(query({ url: guess.href }, "select 1")).rejects.toMatchObject({ code: "28P01" });
    expect((await stat(join(dataDir, "password"))).mode & 0o777).toBe(0o600);
  });

  test("a second start on a folder in use is refused with a sentence and does not disturb the first", async () => {
    await copyCluster();
    const first = await start();
    await expect(start()).rejects.toMatchObject({
      problem: "folder-in-use",
      message: expect.stringContaining(
        `Another Gantry (process ${process.pid}) uses the data folder ${dataDir}`,
      ),
    });
    expect(await query(first, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("an interrupted first start does not spoil the next, and a folder of something else is left alone", async () => {
    await mkdir(join(dataDir, "cluster.partial", "base"), { recursive: true });
    await writeFile(join(dataDir, "cluster.partial", "PG_VERSION"), "18\n");
    const server = await start();
    expect(await query(server, "select 1 as one")).toEqual([{ one: 1 }]);
    expect(existsSync(join(dataDir, "cluster.partial"))).toBe(false);

    const foreign = join(parent, "foreign");
    await mkdir(join(foreign, "cluster"), { recursive: true });
    await writeFile(join(foreign, "cluster", "letter.txt"), "dear");
    await expect(start({ dataDir: foreign })).rejects.toMatchObject({ problem: "folder-not-ours" });
    expect(readFileSync(join(foreign, "cluster", "letter.txt"), "utf8")).toBe("dear");
  });

  test("a port that is taken is refused with a sentence that says so", async () => {
    await copyCluster();
    const port = await freePort();
    const taken = createServer().listen(port, "127.0.0.1");
    await once(taken, "listening");
    await expect(start({ port })).rejects.toMatchObject({
      problem: "start-failed",
      message: expect.stringContaining("Address already in use"),
    });
    taken.close();
  });

  test("a server that outlived its owner is ended by the next start; an unexpected end is told to the log", async () => {
    await copyCluster();
    const lines: string[] = [];
    const orphan = await start({ log: (line) => lines.push(line) });
    await query(orphan, "create table kept as select 42 as answer");
    for (const name of readdirSync(dataDir)) {
      if (name.startsWith("owner-")) await rm(join(dataDir, name));
    }
    const second = await start();
    expect(await query(second, "select answer from kept")).toEqual([{ answer: 42 }]);
    expect(lines.at(-1)).toContain("PostgreSQL has ended unexpectedly");
  });

  test("kill -9 of the process that holds a server leaves none behind, keeps the data, and the next start works", async () => {
    await copyCluster();
    const { child, url } = await startInChild();
    const pid = postmaster();
    await query({ url }, "create table kept as select 42 as answer");
    child.kill("SIGKILL");
    expect(await poll(10_000, () => (commandOf(pid) === null ? "gone" : null))).toBe("gone");
    const next = await start();
    expect(await query(next, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  test("an ephemeral server takes its folder along when its process is killed", async () => {
    await copyCluster();
    const { child } = await startInChild({ ephemeral: true });
    child.kill("SIGKILL");
    expect(await poll(10_000, () => (existsSync(dataDir) ? null : "gone"))).toBe("gone");
  });

  test("Ctrl-C at the terminal reaches the application and not the server", async () => {
    await copyCluster();
    const { pid, url, nextLine } = await startInChild();
    process.kill(-pid, "SIGINT");
    expect(await nextLine()).toBe("interrupted");
    expect(await query({ url }, "select 1 as one")).toEqual([{ one: 1 }]);
  });
});

/** Unlike node's, this copy keeps the owner of each file. */
async function copyCluster(): Promise<void> {
  await promisify(execFile)("cp", ["-a", pristine, dataDir]);
}

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: "off" }, ...options });
  running.push(server);
  return server;
}

/** In a process group of its own, as a terminal's foreground job; it answers SIGINT with a line and stays. */
async function startInChild(options: Partial<EmbeddedPostgresOptions> = {}) {
  const source = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL("./start-embedded-postgres.ts", import.meta.url).href)};
    process.on("SIGINT", () => console.log("interrupted"));
    const server = await startEmbeddedPostgres(${JSON.stringify({ dataDir, settings: { fsync: "off" }, ...options })});
    console.log(server.url);
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ["--import", tsx, "--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error("the child ended early; its reason is on standard error");
    return value;
  };
  if (child.pid === undefined) throw new Error("node did not start");
  return { child, pid: child.pid, url: await nextLine(), nextLine };
}

function postmaster(): number {
  return Number(readFileSync(join(dataDir, "cluster", "postmaster.pid"), "utf8").split("\n")[0]);
}

async function query({ url }: { url: string }, statement: string): Promise<readonly unknown[]> {
  const sql = postgres(url, { max: 1, fetch_types: false });
  try {
    return [...(await sql.unsafe(statement))];
  } finally {
    await sql.end();
  }
}
