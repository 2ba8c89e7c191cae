import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "@gantry/db";
import { type ModelServer, startModelServer } from "@gantry/model-server";
import { Closing } from "./closing.ts";
import { type GantryProcess, startGantryProcess } from "./gantry-process.ts";
import { type Environment, processEnvironment } from "./process-environment.ts";
import { openProxies, type Proxies } from "./proxies.ts";
import { createScratchDatabase } from "./scratch-database.ts";

/** Two API processes over one database, as an operator runs them, and what it takes to be unkind to them. */
export interface Installation extends AsyncDisposable {
  /** Where the database is, for people. */
  readonly place: string;
  processes(): Processes;
  /** A new process in the place of the second one, which was killed. */
  replaceSecond(): Promise<void>;
  /** The same database, past the proxy. */
  readonly database: Database;
  /** Between both processes and each of their stores. */
  readonly proxies: Proxies;
  /** Answers the model calls of both. */
  readonly models: ModelServer;
}

export type Processes = readonly [first: GantryProcess, second: GantryProcess];

/** Throws `OperatorError` for what an operator can mend; nothing is left behind then. */
export async function openInstallation(
  databaseUrl: string | null,
  given: Environment,
): Promise<Installation> {
  const closing = new Closing();
  try {
    return await open(databaseUrl, given, closing);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

async function open(databaseUrl: string | null, given: Environment, closing: Closing): Promise<Installation> {
  const scratch = await createScratchDatabase(databaseUrl);
  closing.add(() => scratch[Symbol.asyncDispose]());
  const folder = await mkdtemp(join(tmpdir(), "gantry-guarantees-api-"));
  closing.add(() => rm(folder, { recursive: true, force: true }));
  const models = await startModelServer();
  closing.add(() => models.close());
  const stores = await openProxies(scratch.url, given["REDIS_URL"]?.trim() || null, closing);
  const database = openDatabase({ url: scratch.url, poolMax: 4, applicationName: "gantry-guarantees" });
  closing.add(() => database.close());

  const environment = await processEnvironment(given, { ...stores, folder, models });
  const startProcess = async (): Promise<GantryProcess> => {
    const started = await startGantryProcess(environment);
    closing.add(() => started.kill());
    return started;
  };
  // One after the other: the first applies the migrations.
  let processes: Processes = [await startProcess(), await startProcess()];
  return {
    place: scratch.place,
    processes: () => processes,
    async replaceSecond() {
      processes = [processes[0], await startProcess()];
    },
    database,
    proxies: stores.proxies,
    models,
    [Symbol.asyncDispose]: () => closing.run(),
  };
}
