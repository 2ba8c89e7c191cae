import { access, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fallbackFolder } from "./reachable.ts";

export interface FoundPostgres {
  /** Where its data really is: the folder that was asked for, or the one in its stead. */
  readonly folder: string;
  /** Of the server that runs there and is ready; null when none is. */
  readonly url: string | null;
}

/** The cluster that `startEmbeddedPostgres` made for this data folder; null when it has made none. Starts nothing. */
export async function findEmbeddedPostgres(dataDir: string): Promise<FoundPostgres | null> {
  for (const folder of [resolve(dataDir), fallbackFolder(dataDir)]) {
    const isThere = await access(join(folder, "cluster", "PG_VERSION")).then(
      () => true,
      () => false,
    );
    if (isThere) return { folder, url: await urlOfRunning(folder) };
  }
  return null;
}

/** The server itself keeps its port in the fourth line of its pid file, and says in the eighth whether it is ready. */
async function urlOfRunning(folder: string): Promise<string | null> {
  const read = (name: string) => readFile(join(folder, name), "utf8").catch(() => null);
  const [password, pidFile] = await Promise.all([read("password"), read(join("cluster", "postmaster.pid"))]);
  if (password === null || pidFile === null) return null;
  const lines = pidFile.split("\n");
  const port = Number(lines[3]);
  if (!Number.isInteger(port) || port < 1 || lines[7]?.trim() !== "ready") return null;
  return `postgres://gantry:${password.trim()}@127.0.0.1:${port}/postgres`;
}
