import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { prepareBinaries, prepareDataFolder } from "./reachable.ts";
import { chooseServerUser } from "./server-user.ts";

const isRoot = process.getuid?.() === 0;

/** Mode 0700, as /root is. */
let closed: string;
const made: string[] = [];
beforeEach(async () => {
  closed = await mkdtemp(join(tmpdir(), "gantry-closed-"));
});
afterEach(async () => {
  for (const path of [closed, ...made.splice(0)]) await rm(path, { recursive: true, force: true });
});

describe("folders that the server's user can reach", () => {
  test("data below a closed folder moves to /var/tmp, the same place each time, and the log says so; the owner's own user stays", async () => {
    const wanted = join(closed, "postgres");
    const user = await chooseServerUser(join(wanted, "cluster"));
    const lines: string[] = [];
    const first = await prepareDataFolder(wanted, user, false, (line) => lines.push(line));
    made.push(first);
    const second = await prepareDataFolder(wanted, user, false, () => {});
    expect(second).toBe(first);
    expect(first.startsWith("/var/tmp/gantry-postgres-")).toBe(isRoot);
    expect(lines.some((line) => line.includes(wanted) && line.includes(first))).toBe(isRoot);
    expect((await stat(first)).uid).toBe(process.getuid?.());
  });

  test("programs below a closed folder are copied once to where they run", async () => {
    const root = join(closed, "native");
    await mkdir(join(root, "bin"), { recursive: true });
    await writeFile(join(root, "bin", "postgres"), "#!/bin/sh\nexit 0\n");
    await chmod(join(root, "bin", "postgres"), 0o700);
    const user = await chooseServerUser(closed);
    const version = `test-${process.pid}`;
    const lines: string[] = [];
    const first = await prepareBinaries({ root, version }, user, (line) => lines.push(line));
    made.push(first);
    expect(await prepareBinaries({ root, version }, user, (line) => lines.push(line))).toBe(first);
    expect(first).toBe(isRoot ? `/var/tmp/gantry-postgres-${version}` : root);
    expect(await readFile(join(first, "bin", "postgres"), "utf8")).toContain("exit 0");
    expect(lines).toHaveLength(isRoot ? 1 : 0);
  });

  test("a data folder that is a file, or lies below one, is refused with a sentence", async () => {
    const file = join(closed, "file");
    await writeFile(file, "");
    for (const wanted of [file, join(file, "deeper"), join(file, "even", "deeper")]) {
      await expect(prepareDataFolder(wanted, {}, false, () => {})).rejects.toMatchObject({
        problem: "folder-not-writable",
        message: expect.stringContaining(`The data folder ${wanted} cannot be written`),
      });
    }
  });
});
