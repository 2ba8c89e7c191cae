import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AuthoringDeps } from "@gantry/authoring";
import { goesOnPaying } from "@gantry/billing";
import { type Credential, readPrincipal } from "@gantry/execution";
import { createKeyring } from "@gantry/secrets";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";
import { v7 as uuidv7 } from "uuid";
import { type Auth, createAuth } from "./auth.ts";
import { type Demo, demoFile } from "./demo/demo.ts";
import { ensureDemo } from "./demo/ensure-demo.ts";
import type { Env } from "./env.ts";
import { createLogger } from "./logger.ts";
import { createServer } from "./server.ts";
import { openDataFolder, writeJsonFile } from "./start/data-folder.ts";
import { listen, refuseBusyPort, urlOf } from "./start/listen.ts";
import { openPrimary, type Primary } from "./start/open-primary.ts";
import { createProgress } from "./start/progress.ts";
import { openRuntime, type Runtime } from "./start/runtime.ts";
import { loadSecrets } from "./start/secrets.ts";
import { Teardown } from "./start/teardown.ts";
import { connectStripe } from "./stripe/connect-stripe.ts";

export interface StartOptions {
  readonly env: Env;
  /** Told what is going on while Gantry starts, a line at a time. */
  readonly print: (line: string) => void;
}

export interface Gantry {
  readonly baseUrl: string;
  /** Null in production. */
  readonly demo: Demo | null;
  /** Takes no more requests, lets runs in progress end, settles all, closes everything. */
  close(): Promise<void>;
}

/** How long runs in progress may go on once Gantry is told to stop, before they are cancelled. */
const shutdownGraceMs = 8_000;
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const webRoot = `${repository}apps/web/dist/app`;

/** Starts everything and listens. Throws `OperatorError` for what an operator can mend; nothing is left behind then. */
export async function startGantry(options: StartOptions): Promise<Gantry> {
  const teardown = new Teardown();
  try {
    return await start(options, teardown);
  } catch (error) {
    await teardown.run();
    throw error;
  }
}

async function start({ env, print }: StartOptions, teardown: Teardown): Promise<Gantry> {
  const logger = createLogger(env.logLevel);
  const progress = createProgress(print, () => performance.now());
  await refuseBusyPort(env.host, env.port);
  const dataDir = resolve(env.dataDir ?? `${repository}.gantry`);
  // In production nothing is kept there.
  if (!env.production) await openDataFolder(dataDir);
  const secrets = await loadSecrets(env, dataDir);
  const primary = await openPrimary(env.databaseUrl, dataDir, progress);
  teardown.add(() => primary.close());

  const now = () => Date.now();
  const newId = () => uuidv7();
  const keyring = createKeyring(secrets.encryptionKeys);
  const holder = `${hostname()}:${process.pid}:${newId()}`;
  const runtime = await openRuntime({ env, primary, keyring, holder, logger });
  teardown.add(() => runtime.close());
  if (runtime.models === "local") {
    progress.note(
      "model calls go to the local model server: set ANTHROPIC_API_KEY or another provider's to call real ones",
    );
  }
  if (env.redisUrl !== null) progress.note(`claims are kept in Redis at ${new URL(env.redisUrl).host}`);
  if (!env.billingEnabled) progress.note("billing is off: no limits apply");
  await progress.step("admission and sandbox are warm", () => runtime.warm());

  const authIn = authFactory(env, secrets.authSecret, newId, primary.general.sql, logger);
  const auth = await authIn(primary.general.db);
  const authoring: AuthoringDeps = { db: primary.general.db, keyring, now, newId, randomBytes };
  const operations = {
    sql: primary.general.sql,
    newId,
    billing: runtime.billing,
    freeSlot: runtime.execution.free,
  };
  const { sql } = primary.general;
  const billing = { sql, stripe: await connectStripe(env, { sql, now, newId }) };
  const principalOf = (credential: Credential) => readPrincipal(primary.general.sql, credential);
  const demo = env.production
    ? null
    : await progress.step("the demo is ready", () =>
        ensureDemo({ authoring, operations, auth, authIn, readPrincipal: principalOf, dataDir }),
      );

  const server = await createServer({
    deps: {
      authoring,
      execution: runtime.execution,
      operations,
      billing,
      process: { holder, inspectProviders: runtime.inspectProviders },
      system: systemStatus(env, runtime),
    },
    cookie: { name: auth.sessionCookieName, secret: secrets.authSecret },
    publicUrl: env.publicUrl,
    readPrincipal: principalOf,
    authHandler: auth.handler,
    readiness: () => primary.readiness(),
    webRoot: existsSync(webRoot) ? webRoot : null,
    logger,
    newId,
  });
  teardown.add(() => closeServer(server, runtime));
  const baseUrl = await listen(server, env.host, env.port);
  if (demo !== null) await writeJsonFile(dataDir, demoFile, { baseUrl, ...demo });
  return { baseUrl, demo, close: () => teardown.run() };
}

function authFactory(
  env: Env,
  secret: string,
  newId: () => string,
  sql: Primary["general"]["sql"],
  logger: FastifyBaseLogger,
) {
  return (db: AuthoringDeps["db"]): Promise<Auth> =>
    createAuth({
      db,
      secret,
      publicUrl: env.publicUrl,
      localUrl: urlOf(env.host, env.port),
      newId,
      goesOnPaying: (organizationId) => goesOnPaying(sql, organizationId),
      log: (level, message, err) => logger[level]({ err }, message),
    });
}

function systemStatus(env: Env, runtime: Runtime) {
  const manifest: { version: string } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  return {
    version: manifest.version,
    models: runtime.models,
    billingEnabled: env.billingEnabled,
    signUpEnabled: true,
  };
}

/** Requests that wait for a run are answered before their connection ends. */
async function closeServer(server: FastifyInstance, runtime: Runtime): Promise<void> {
  const closed = server.close();
  await runtime.execution.shutdown(shutdownGraceMs);
  const late = setTimeout(() => server.server.closeAllConnections(), 1_000);
  await closed;
  clearTimeout(late);
}
