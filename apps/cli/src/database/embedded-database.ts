import { resolve } from "node:path";
import { EmbeddedPostgresError, findEmbeddedPostgres, startEmbeddedPostgres } from "@gantry/db/embedded";
import { OperatorError } from "./operator-error.ts";

/** The database in a data folder: that of the Gantry which runs there, or one that we start and stop. */
export interface EmbeddedDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** Throws `OperatorError` when the folder holds no database: a command looks at one and never makes it. */
export async function openEmbeddedDatabase(
  dataDir: string,
  tell: (line: string) => void,
): Promise<EmbeddedDatabase> {
  const wanted = resolve(dataDir, "postgres");
  if ((await findEmbeddedPostgres(wanted)) === null) {
    throw new OperatorError(
      `There is no database in ${dataDir}: start Gantry once, or name another folder in GANTRY_DATA_DIR or a database in DATABASE_URL.`,
    );
  }
  try {
    return await startEmbeddedPostgres({ dataDir: wanted, log: tell });
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError)) throw error;
    if (error.problem !== "folder-in-use") throw new OperatorError(error.message, { cause: error });
    const url = (await findEmbeddedPostgres(wanted))?.url ?? null;
    if (url !== null) return { url, stop: async () => {} };
    throw new OperatorError(
      `A Gantry runs in ${dataDir} but its database is not ready: try again in a moment.`,
    );
  }
}
