import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EmbeddedPostgresError, folderNotWritable } from "./embedded-postgres-error.ts";
import { startOf } from "./process-table.ts";

const pattern = /^owner-(\d+)-(.+)$/;

/**
 * Takes the data folder for this process, or refuses because a live one has it. The owner is the file's name
 * (`owner-<pid>-<start of that process>`): nobody can remove another live owner's file by mistake, and a dead owner's
 * file is known as such even when its process id runs again. Two starts in the same instant may refuse each other.
 * Returns how to give the folder back.
 */
export async function takeOwnership(folder: string): Promise<() => Promise<void>> {
  const own = `owner-${process.pid}-${startOf(process.pid)}`;
  try {
    await writeFile(join(folder, own), "", { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST")
      throw inUse(folder, process.pid);
    throw folderNotWritable(folder, error);
  }
  const release = () => rm(join(folder, own), { force: true });

  for (const name of await readdir(folder)) {
    const [, pid, start] = pattern.exec(name) ?? [];
    if (name === own || pid === undefined) continue;
    if (startOf(Number(pid)) === start) {
      await release();
      throw inUse(folder, Number(pid));
    }
    await rm(join(folder, name), { force: true });
  }
  return release;
}

function inUse(folder: string, pid: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    "folder-in-use",
    `Another Gantry (process ${pid}) uses the data folder ${folder}: stop it first, or choose another folder.`,
  );
}
