import { fileURLToPath } from "node:url";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate as runMigrations } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";

/** The package's `migrations/` lies beside both `src/` and `dist/`. */
const migrationsFolder = fileURLToPath(new URL("../migrations", import.meta.url));

/** Any number that nothing else locks; the same in every version of Gantry. */
const lockKey = 7_261_904_118;

/**
 * Applies every migration that the database lacks. Several processes may call it at once: an advisory lock lets one
 * work while the others wait, and then find nothing to do. Throws the driver's error when the database cannot be
 * reached or a migration fails; a failed migration leaves the database as it was.
 */
export async function migrate(url: string): Promise<void> {
  const sql = postgres(url, {
    // The lock belongs to the session, so everything has to run on one connection.
    max: 1,
    connect_timeout: 5,
    max_lifetime: null,
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: "gantry-migrate" },
  });
  try {
    await sql`select pg_advisory_lock(${lockKey}::bigint)`;
    await runMigrations(drizzle(sql), { migrationsFolder });
  } finally {
    // Ends the session, which gives the lock back.
    await sql.end({ timeout: 5 });
  }
}

/** Whether this code knows a migration that the database lacks. One query; for readiness probes. */
export async function migrationsPending(sql: postgres.Sql): Promise<boolean> {
  newestKnown ??= Math.max(...readMigrationFiles({ migrationsFolder }).map((file) => file.folderMillis));
  try {
    const [row] = await sql<{ newest: string | null }[]>`
      select max(created_at) as newest from drizzle.__drizzle_migrations`;
    return row?.newest == null || Number(row.newest) < newestKnown;
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === "42P01") return true;
    throw error;
  }
}

let newestKnown: number | undefined;
