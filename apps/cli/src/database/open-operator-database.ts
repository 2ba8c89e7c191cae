import { type Database, migrationsPending, openDatabase } from "@gantry/db";
import { openEmbeddedDatabase } from "./embedded-database.ts";
import { OperatorError } from "./operator-error.ts";

export interface DatabasePlace {
  /** Null: the embedded database in the data folder. */
  readonly databaseUrl: string | null;
  readonly dataDir: string;
}

export interface OperatorDatabase extends AsyncDisposable {
  readonly sql: Database["sql"];
}

/** One connection to Gantry's database, whose tables are those of this version. Throws `OperatorError`. */
export async function openOperatorDatabase(
  place: DatabasePlace,
  tell: (line: string) => void,
): Promise<OperatorDatabase> {
  const server =
    place.databaseUrl === null
      ? await openEmbeddedDatabase(place.dataDir, tell)
      : { url: place.databaseUrl, stop: async () => {} };
  const database = openDatabase({ url: server.url, poolMax: 1, applicationName: "gantry-cli" });
  const close = async () => {
    await database.close();
    await server.stop();
  };
  try {
    await requireTables(database, server.url);
  } catch (error) {
    await close();
    throw error;
  }
  return { sql: database.sql, [Symbol.asyncDispose]: close };
}

async function requireTables({ sql }: Database, url: string): Promise<void> {
  // Without user and password.
  const { host, pathname } = new URL(url);
  const pending = await migrationsPending(sql).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`The database ${host}${pathname} cannot be used: ${reason}.`, { cause: error });
  });
  if (pending) {
    throw new OperatorError(
      `The database ${host}${pathname} lacks migrations of this version: start Gantry once, which applies them.`,
    );
  }
}
