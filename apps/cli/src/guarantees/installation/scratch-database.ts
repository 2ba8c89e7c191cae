import { randomBytes } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@gantry/db";
import { EmbeddedPostgresError, startEmbeddedPostgres } from "@gantry/db/embedded";
import { OperatorError } from "../../database/operator-error.ts";

/** A database that holds nothing yet and is dropped with all that it holds by then. */
export interface ScratchDatabase extends AsyncDisposable {
  readonly url: string;
  /** Where it is, for people: without user and password. */
  readonly place: string;
}

/**
 * Beside the operator's own on the same server, or, without one, on an embedded server in a temporary folder. The
 * operator's own data is not touched. Throws `OperatorError`.
 */
export function createScratchDatabase(databaseUrl: string | null): Promise<ScratchDatabase> {
  return databaseUrl === null ? startEmbedded() : createBeside(new URL(databaseUrl));
}

async function startEmbedded(): Promise<ScratchDatabase> {
  try {
    const server = await startEmbeddedPostgres({
      dataDir: await mkdtemp(join(tmpdir(), "gantry-guarantees-")),
      ephemeral: true,
    });
    return {
      url: server.url,
      place: `an embedded PostgreSQL on ${new URL(server.url).host}`,
      [Symbol.asyncDispose]: () => server.stop(),
    };
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw new OperatorError(error.message, { cause: error });
    throw error;
  }
}

async function createBeside(given: URL): Promise<ScratchDatabase> {
  if (given.hostname === "") throw new OperatorError("DATABASE_URL must name a host.");
  const name = `gantry_guarantees_${randomBytes(6).toString("hex")}`;
  try {
    await administer(given, `CREATE DATABASE ${name}`);
  } catch (error) {
    throw new OperatorError(explain(given, error), { cause: error });
  }
  const url = new URL(given);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    place: `the database ${name} on ${given.host}`,
    [Symbol.asyncDispose]: () => administer(given, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function administer(url: URL, statement: string): Promise<void> {
  const admin = openDatabase({ url: url.href, poolMax: 1, applicationName: "gantry-guarantees-admin" });
  try {
    await admin.sql.unsafe(statement);
  } finally {
    await admin.close();
  }
}

const insufficientPrivilege = "42501";

function explain({ host, username }: URL, error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === insufficientPrivilege) {
    return `The guarantees are checked in a database of their own, and ${username || "the user of DATABASE_URL"} may not create one on ${host}: give that user CREATEDB, or leave DATABASE_URL out to check them on an embedded PostgreSQL.`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `A database for the guarantees could not be created on ${host}: ${reason}.`;
}
