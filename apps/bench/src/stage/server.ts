import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@gantry/db";
import { startEmbeddedPostgres } from "@gantry/db/embedded";

/**
 * A PostgreSQL of its own, as durable as in production, migrated and empty. Its folder goes away with it, and it with
 * this process, however that ends.
 */
export async function startServer(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = await startEmbeddedPostgres({
    dataDir: await mkdtemp(join(tmpdir(), "gantry-bench-")),
    ephemeral: true,
  });
  await migrate(server.url);
  return server;
}
