import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { takeOwnership } from "./ownership.ts";
import { startOf } from "./process-table.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gantry-ownership-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("ownership of a data folder", () => {
  test("a second owner in the same process is refused with a sentence, and the folder is free once given back", async () => {
    const release = await takeOwnership(folder);
    await expect(takeOwnership(folder)).rejects.toMatchObject({
      problem: "folder-in-use",
      message: `Another Gantry (process ${process.pid}) uses the data folder ${folder}: stop it first, or choose another folder.`,
    });
    await release();
    expect(await readdir(folder)).toEqual([]);
    await (await takeOwnership(folder))();
  });

  test("a live owner of another process is refused, and its mark stays", async () => {
    const mark = `owner-${process.ppid}-${startOf(process.ppid)}`;
    await writeFile(join(folder, mark), "");
    await expect(takeOwnership(folder)).rejects.toMatchObject({ problem: "folder-in-use" });
    expect(await readdir(folder)).toEqual([mark]);
  });

  test("an owner that has ended does not keep the folder, even when its process id runs again", async () => {
    await writeFile(join(folder, `owner-${process.ppid}-before`), "");
    const release = await takeOwnership(folder);
    expect(await readdir(folder)).toHaveLength(1);
    await release();
  });
});
