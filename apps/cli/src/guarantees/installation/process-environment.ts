import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelServer } from "@gantry/model-server";
import type { ProxiedStores } from "./proxies.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the operator's machine and stores need is passed on. Nothing else is: keys that cost money, plans of their own
 * and limits that are switched off belong to the operator's own Gantry.
 */
const passedOn = /^(PATH|HOME|TMPDIR|NODE_OPTIONS|PG[A-Z]+)$/;

export interface ProcessPlace extends Pick<ProxiedStores, "databaseUrl" | "redisUrl"> {
  /** Kept until the processes are gone. */
  readonly folder: string;
  readonly models: ModelServer;
}

/** For every API process of one installation: they share their secrets. */
export async function processEnvironment(
  given: Environment,
  { databaseUrl, redisUrl, folder, models }: ProcessPlace,
): Promise<Readonly<Record<string, string>>> {
  const certificate = join(folder, "models.pem");
  await writeFile(certificate, models.ca);
  return {
    ...Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) =>
        value !== undefined && passedOn.test(name) ? [[name, value]] : [],
      ),
    ),
    NODE_ENV: "production",
    NODE_EXTRA_CA_CERTS: certificate,
    HOST: "127.0.0.1",
    PORT: "0",
    DATABASE_URL: databaseUrl,
    // A prefix of its own: processes that share one end each other's runs.
    ...(redisUrl === null
      ? {}
      : { REDIS_URL: redisUrl, REDIS_PREFIX: `gantry-guarantees-${randomBytes(6).toString("hex")}` }),
    GANTRY_DATA_DIR: folder,
    AUTH_SECRET: randomBytes(32).toString("hex"),
    ENCRYPTION_KEY: randomBytes(32).toString("hex"),
    ANTHROPIC_API_KEY: `guarantees-${randomBytes(16).toString("hex")}`,
    ANTHROPIC_BASE_URL: models.url,
    // An outage that is made on purpose is no news.
    LOG_LEVEL: "fatal",
  };
}
