import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createTestDatabase } from "@gantry/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

// The real process, from its sources.

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
let dataDir = "";
const children: ChildProcess[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "gantry-main-"));
});
afterEach(async () => {
  // One that a failing test left behind.
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(dataDir, { recursive: true, force: true });
});

function launch(environment: Record<string, string>): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, ["--import", "tsx", "--conditions=@gantry/source", main], {
    env: { PATH, HOME, GANTRY_DATA_DIR: dataDir, PORT: "0", ...environment },
    // Where tsx is found.
    cwd: dirname(main),
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

async function refusal(environment: Record<string, string>) {
  const child = launch(environment);
  const { stderr } = child;
  if (stderr === null) throw new Error("no stderr");
  const [said, [code]] = await Promise.all([text(stderr), once(child, "exit")]);
  return { said, code: Number(code) };
}

const oneSentence = /^Gantry cannot start: [^\n]+\n$/;

describe("Gantry cannot start", () => {
  test("in production without what it needs, and names all of it in one line", async () => {
    const { said, code } = await refusal({
      NODE_ENV: "production",
      GANTRY_DATA_DIR: join(dataDir, "unused"),
    });
    expect(code).toBe(1);
    expect(said).toMatch(oneSentence);
    for (const name of ["DATABASE_URL", "AUTH_SECRET", "ENCRYPTION_KEY"]) expect(said).toContain(name);
  });

  test("on a port that is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const PORT = String(typeof address === "object" ? address?.port : address);
    const { said, code } = await refusal({ PORT });
    other.close();
    expect(code).toBe(1);
    expect(said).toMatch(oneSentence);
    expect(said).toContain(`Port ${PORT}`);
  });

  test("with a data folder that cannot be written", async () => {
    const file = join(dataDir, "file");
    await writeFile(file, "");
    const { said, code } = await refusal({ GANTRY_DATA_DIR: join(file, "data") });
    expect(code).toBe(1);
    expect(said).toMatch(oneSentence);
    expect(said).toContain(join(file, "data"));
  });

  test("with a database that does not answer", async () => {
    const { said, code } = await refusal({ DATABASE_URL: "postgres://gantry:hunter2@127.0.0.1:1/gantry" });
    expect(code).toBe(1);
    expect(said).toMatch(oneSentence);
    expect(said).not.toContain("hunter2");
  });
});

describe("Gantry starts", () => {
  test("tells one line when it is ready and a command that works, and SIGTERM ends it after the run in progress", async () => {
    await using database = await createTestDatabase();
    const child = launch({ DATABASE_URL: database.url });
    const { stdout } = child;
    if (stdout === null) throw new Error("no stdout");
    let said = "";
    stdout.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
    });
    await expect.poll(() => said, { timeout: 25_000 }).toContain("Ctrl-C stops Gantry");
    const ready = said.split("\n").filter((line) => line.startsWith("Gantry is ready at "));
    expect(ready).toHaveLength(1);
    const demo = JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8"));
    expect(ready[0]).toBe(`Gantry is ready at ${demo.baseUrl}`);
    expect(said).toContain(demo.owner.email);
    expect(said).toContain(demo.owner.password);

    const command = said.split("\n").find((line) => line.startsWith("curl ")) ?? "";
    const running = promisify(execFile)("sh", ["-c", command]);
    // Once its slot is taken the run is in progress.
    await expect.poll(() => database.sql`select 1 from slots`).toHaveLength(1);
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    const { data } = JSON.parse((await running).stdout);
    expect(data).toMatchObject({ status: "completed" });
    expect(await exited).toEqual([0, null]);
    expect(await database.sql`select status from runs`).toEqual([{ status: "completed" }]);
    expect(await database.sql`select 1 from slots`).toHaveLength(0);
  });
});
