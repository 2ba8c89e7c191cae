import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDataFolder } from "./data-folder.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gantry-data-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a data folder is made with all that is above it, also by two at once, and again when it is there", async () => {
  const deep = join(folder, "a", "b", "c");
  await Promise.all([openDataFolder(deep), openDataFolder(deep)]);
  await openDataFolder(deep);
  expect((await stat(deep)).isDirectory()).toBe(true);
});

test("a data folder that cannot be made is told in one sentence, at once", async () => {
  await writeFile(join(folder, "file"), "");
  const refused = [join(folder, "file", "below")];
  if (process.platform === "linux") refused.push("/proc/gantry", "/proc/a/b/c");
  for (const path of refused) {
    await expect(openDataFolder(path)).rejects.toThrow(`The data folder ${path} cannot be written`);
  }
});
