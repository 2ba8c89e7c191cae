import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findBinaries } from "./binaries.ts";
import { clusterIn, ensureCluster, superuser } from "./cluster.ts";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";
import { freePort } from "./free-port.ts";
import { clearLeftover } from "./leftover.ts";
import { takeOwnership } from "./ownership.ts";
import { prepareBinaries, prepareDataFolder } from "./reachable.ts";
import { launchServer } from "./server-process.ts";
import { chooseServerUser } from "./server-user.ts";

export interface EmbeddedPostgresOptions {
  /** Where the data lives; made on the first start. Belongs to the server's user, who is not root. */
  readonly dataDir: string;
  /** On 127.0.0.1. Left out: any free one. */
  readonly port?: number;
  /** Receives one sentence for each thing worth telling an operator. */
  readonly log?: (line: string) => void;
  /** Server settings that differ from the defaults, such as `{ max_connections: 400 }`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /**
   * Removes the data folder when the server ends, even when this process was killed. For tests and benchmarks. For
   * root, the folder has to lie where the server's user may remove it, such as directly in /tmp.
   */
  readonly ephemeral?: boolean;
}

export interface EmbeddedPostgres {
  /** With user, password and database: `postgres://gantry:...@127.0.0.1:<port>/postgres`. */
  readonly url: string;
  /** Ends the server cleanly and gives the data folder back. Calling it twice is harmless. */
  stop(): Promise<void>;
}

const defaultSettings: Readonly<Record<string, string | number>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: 200,
  shared_buffers: "256MB",
  // Runs turn over rows of slots and buckets by the thousand a minute.
  autovacuum_naptime: "10s",
  fsync: "on",
  synchronous_commit: "on",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
};

/** How long a start waits for the remains of an earlier server to go away. */
const retryMs = 5_000;

/**
 * PostgreSQL 18 on 127.0.0.1, with its data in a folder of ours. The only way in is the URL: connections need its
 * random password (SCRAM), which lies beside the data in a file that only the server's user and root can read. The
 * server lives in a session of its own and ends when `stop` is called or this process ends in any way.
 * Throws `EmbeddedPostgresError`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => {});
  const binaries = findBinaries();
  const user = await chooseServerUser(clusterIn(options.dataDir));
  const programs = await prepareBinaries(binaries, user, log);
  const ephemeral = options.ephemeral ?? false;
  const folder = await prepareDataFolder(options.dataDir, user, ephemeral, log);
  const settings = { ...defaultSettings, ...options.settings };

  const release = await takeOwnership(folder);
  try {
    await clearLeftover(clusterIn(folder));
    const { password } = await ensureCluster(folder, programs, user, settings["fsync"] !== "off");
    const passing =
      options.port === undefined ? /shared memory|lock file|already in use/ : /shared memory|lock file/;
    const { server, port } = await retrying(passing, async () => {
      const port = options.port ?? (await freePort());
      return { server: await launchServer({ folder, programs, user, port, settings, ephemeral }), port };
    });
    void server.ended.then(({ asked }) => {
      if (!asked) log(`PostgreSQL has ended unexpectedly: ${join(folder, "server.log")} says why.`);
    });
    const stop = async () => {
      await server.stop();
      await release();
      if (ephemeral) await rm(folder, { recursive: true, force: true });
    };
    // Once only: by the second call the folder may have a new owner.
    let stopped: Promise<void> | null = null;
    return {
      url: `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`,
      stop: () => (stopped ??= stop()),
    };
  } catch (error) {
    await release();
    if (ephemeral) await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Backends of a killed server hold its shared memory for a moment, and somebody may be faster to take a free port. */
async function retrying<T>(passing: RegExp, start: () => Promise<T>): Promise<T> {
  const end = performance.now() + retryMs;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const passes = error instanceof EmbeddedPostgresError && passing.test(error.message);
      if (!passes || performance.now() >= end) throw error;
      await sleep(100);
    }
  }
}
