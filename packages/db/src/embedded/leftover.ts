import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { poll } from "./poll.ts";
import { commandOf } from "./process-table.ts";

/**
 * Ends a server that still runs on our cluster though its owner is gone (the watchdog may be about to), and removes
 * the process id of one that does not. Call it as the folder's owner only.
 */
export async function clearLeftover(cluster: string): Promise<void> {
  const file = join(cluster, "postmaster.pid");
  const pid = Number((await readFile(file, "utf8").catch(() => "")).split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;

  const runs = () => isServerOf(pid, cluster);
  const ended = () => poll(5_000, () => (runs() ? null : true));
  for (const signal of ["SIGINT", "SIGQUIT"] as const) {
    if (!runs()) break;
    process.kill(pid, signal);
    await ended();
  }
  if (runs()) {
    throw new EmbeddedPostgresError(
      "start-failed",
      `An earlier PostgreSQL (process ${pid}) still runs on ${cluster} and does not stop: end it by hand.`,
    );
  }
  await rm(file, { force: true });
}

function isServerOf(pid: number, cluster: string): boolean {
  return commandOf(pid)?.includes(`-D ${cluster} `) ?? false;
}
