import { randomBytes } from "node:crypto";
import type { AuthoringDeps } from "@gantry/authoring";
import { goesOnPaying } from "@gantry/billing";
import type { Database } from "@gantry/db";
import { createTestDatabase, type TestDatabase } from "@gantry/db/testing";
import { readPrincipal } from "@gantry/execution";
import { createKeyring } from "@gantry/secrets";
import { createTRPCClient, httpBatchLink, type TRPCClient } from "@trpc/client";
import { pino } from "pino";
import { v7 as uuidv7 } from "uuid";
import { createAuth } from "./auth.ts";
import { parseEnv } from "./env.ts";
import type { Readiness } from "./http/mount-health.ts";
import { loggerOptions } from "./logger.ts";
import type { AppRouter } from "./routers/root.ts";
import { createServer } from "./server.ts";
import { listen } from "./start/listen.ts";
import { openRuntime } from "./start/runtime.ts";
import { Teardown } from "./start/teardown.ts";
import { connectStripe } from "./stripe/connect-stripe.ts";

/** The whole API over a test database, listening on a free port; for tests. */
export interface TestApi extends AsyncDisposable {
  readonly baseUrl: string;
  readonly database: TestDatabase;
  readonly authoring: AuthoringDeps;
  /** Every line of the log, as JSON text. */
  readonly logLines: readonly string[];
  client(headers: Record<string, string>): TRPCClient<AppRouter>;
}

/** What a browser sends along with a request of its own page. */
export const browser = { "sec-fetch-site": "same-origin" };

export async function startTestApi(
  options: {
    readonly environment?: Record<string, string>;
    readonly readiness?: () => Promise<Readiness>;
    readonly webRoot?: string;
    /** What the server works with in place of the test database's own pool, such as one that can be cut off from it. */
    readonly openPool?: (database: TestDatabase) => Promise<Database>;
  } = {},
): Promise<TestApi> {
  const teardown = new Teardown();
  const database = await createTestDatabase();
  teardown.add(async () => await database[Symbol.asyncDispose]());
  const parsed = parseEnv(options.environment ?? {});
  if (!parsed.ok) throw new Error(parsed.problems.join(" "));
  const { env } = parsed;
  const logLines: string[] = [];
  const logger = pino(loggerOptions("info"), { write: (line: string) => void logLines.push(line) });
  const keyring = createKeyring({ current: { id: "test", key: randomBytes(32) } });
  const newId = () => uuidv7();
  const secret = randomBytes(32).toString("hex");

  const pool = (await options.openPool?.(database)) ?? database;
  teardown.add(() => pool.close());
  const primary = { hot: pool, general: pool };
  const holder = `test:${newId()}`;
  const runtime = await openRuntime({ env, primary, keyring, holder, logger });
  teardown.add(() => runtime.close());
  const auth = await createAuth({
    db: pool.db,
    secret,
    publicUrl: null,
    localUrl: "http://127.0.0.1:3000",
    newId,
    goesOnPaying: (organizationId) => goesOnPaying(pool.sql, organizationId),
    log: (level, message, err) => logger[level]({ err }, message),
  });
  const authoring = { db: pool.db, keyring, now: () => Date.now(), newId, randomBytes };
  const operations = { sql: pool.sql, newId, billing: runtime.billing, freeSlot: runtime.execution.free };
  const { sql } = pool;
  const billing = { sql, stripe: await connectStripe(env, { sql, now: authoring.now, newId }) };
  const server = await createServer({
    deps: {
      authoring,
      execution: runtime.execution,
      operations,
      billing,
      process: { holder, inspectProviders: runtime.inspectProviders },
      system: {
        version: "test",
        models: runtime.models,
        billingEnabled: env.billingEnabled,
        signUpEnabled: true,
      },
    },
    cookie: { name: auth.sessionCookieName, secret },
    publicUrl: env.publicUrl,
    readPrincipal: (credential) => readPrincipal(pool.sql, credential),
    authHandler: auth.handler,
    readiness: options.readiness ?? (async () => ({ database: "ok", migrations: "current" })),
    webRoot: options.webRoot ?? null,
    logger,
    newId,
  });
  teardown.add(async () => {
    const closed = server.close();
    await runtime.execution.shutdown(1_000);
    server.server.closeAllConnections();
    await closed;
  });
  const baseUrl = await listen(server, "127.0.0.1", 0);

  return {
    baseUrl,
    database,
    authoring,
    logLines,
    client: (headers) =>
      createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${baseUrl}/trpc`, headers })] }),
    [Symbol.asyncDispose]: () => teardown.run(),
  };
}

/** Signs a new person up, as a browser does. Returns the headers that carry their session. */
export async function signUp(api: TestApi, name = "Ada"): Promise<{ cookie: string } & typeof browser> {
  const response = await fetch(`${api.baseUrl}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: api.baseUrl, ...browser },
    body: JSON.stringify({ name, email: `${uuidv7()}@example.com`, password: "correct horse battery" }),
  });
  if (!response.ok) throw new Error(`Signing up failed: ${response.status} ${await response.text()}`);
  const cookie = response.headers.getSetCookie().map((line) => line.split(";", 1)[0]);
  return { cookie: cookie.join("; "), ...browser };
}
