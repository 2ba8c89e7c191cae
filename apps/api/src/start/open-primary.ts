import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Database, migrate, migrationsPending, openDatabase } from "@gantry/db";
import { EmbeddedPostgresError, startEmbeddedPostgres } from "@gantry/db/embedded";
import type { Readiness } from "../http/mount-health.ts";
import { OperatorError } from "./operator-error.ts";
import type { Progress } from "./progress.ts";

/**
 * Connections for facts and claims, and nothing else. The statements are pipelined, so a few keep the database busy;
 * with 10 on two cores each server process finds cold caches (0.53 ms of its time per admission, with 4 about 0.40).
 */
export const hotConnections = Math.max(4, 2 * availableParallelism());
/** Connections for settlement, leases, reads and everything that people do. */
const generalConnections = 20;

export interface Primary {
  readonly hot: Database;
  readonly general: Database;
  readiness(): Promise<Readiness>;
  close(): Promise<void>;
}

/** The operator's database or an embedded one, migrated, behind two pools. */
export async function openPrimary(
  databaseUrl: string | null,
  dataDir: string,
  progress: Progress,
): Promise<Primary> {
  const server =
    databaseUrl === null
      ? await progress.step("PostgreSQL is running", () => startEmbedded(dataDir, progress))
      : { url: databaseUrl, stop: async () => {} };
  const pools: Database[] = [];
  const close = async () => {
    await Promise.all(pools.map((pool) => pool.close()));
    await server.stop();
  };
  try {
    await progress.step("migrations are applied", () => migrateOrExplain(server.url));
    const hot = openDatabase({
      url: server.url,
      poolMax: hotConnections,
      applicationName: "gantry-hot",
      statementTimeoutMs: 10_000,
      hot: true,
    });
    const general = openDatabase({
      url: server.url,
      poolMax: generalConnections,
      applicationName: "gantry",
      statementTimeoutMs: 30_000,
      idleInTransactionTimeoutMs: 30_000,
    });
    pools.push(hot, general);
    return { hot, general, readiness: () => readinessOf(general), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startEmbedded(dataDir: string, progress: Progress) {
  try {
    return await startEmbeddedPostgres({
      dataDir: join(dataDir, "postgres"),
      log: (line) => progress.note(line),
    });
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw new OperatorError(error.message, { cause: error });
    throw error;
  }
}

async function migrateOrExplain(url: string): Promise<void> {
  try {
    await migrate(url);
  } catch (error) {
    // Without user and password.
    const { host, pathname } = new URL(url);
    throw new OperatorError(
      `The database ${host}${pathname} cannot be used: ${reasonOf(error)}. Check DATABASE_URL and that the server is running.`,
      { cause: error },
    );
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Drizzle's message repeats its whole statement; the driver's, beneath it, says why.
  const reason = error.cause instanceof Error ? error.cause : error;
  const code = "code" in reason ? String(reason.code) : "";
  const text = reason.message.replace(/\s+/g, " ").replace(/\.$/, "");
  return code === "" || text.includes(code) ? text : `${text} (${code})`;
}

const readinessTimeoutMs = 2_000;

async function readinessOf({ sql }: Database): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<"unreachable">((resolve) => {
    timer = setTimeout(() => resolve("unreachable"), readinessTimeoutMs);
  });
  const pending = migrationsPending(sql).catch(() => "unreachable" as const);
  const answer = await Promise.race([pending, tooLate]);
  clearTimeout(timer);
  if (answer === "unreachable") return { database: "unreachable", migrations: "unknown" };
  return { database: "ok", migrations: answer ? "pending" : "current" };
}
