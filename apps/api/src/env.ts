import type { PlatformKeys } from "@gantry/execution";
import { parseEncryptionKey, parseEncryptionKeys } from "@gantry/secrets";
import { z } from "zod";
import { missingForModels, modelVariables, platformKeysOf } from "./env-models.ts";
import { urlVariable } from "./env-url.ts";
import { missingForStripe, type StripeEnv, stripeEnvOf, stripeVariables } from "./stripe/stripe-env.ts";

/** Everything that an operator sets from outside. */
export interface Env {
  readonly production: boolean;
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Where browsers find Gantry, if a proxy stands before it; decides whether cookies are marked secure. */
  readonly publicUrl: string | null;
  /** Null: an embedded PostgreSQL in the data folder. */
  readonly databaseUrl: string | null;
  /** Where claims are kept: slots, holds and rate tokens. Null: in PostgreSQL. */
  readonly redisUrl: string | null;
  /** Every key there begins with it: installations that share a Redis have one each. */
  readonly redisPrefix: string;
  /** Null: generated once and kept in the data folder. */
  readonly authSecret: string | null;
  readonly encryptionKey: Buffer | null;
  /** They still open what they once sealed. */
  readonly previousEncryptionKeys: readonly Buffer[];
  /** Null: `.gantry` in the repository. */
  readonly dataDir: string | null;
  /** Null: the local model server answers in the place of every provider. */
  readonly platformKeys: PlatformKeys | null;
  /** A JSON file; null: the list prices. */
  readonly modelPrices: string | null;
  /** A JSON file; null: the operator has set up no MCP server. */
  readonly mcpServers: string | null;
  readonly billingEnabled: boolean;
  /** A JSON file; null: the default plans. */
  readonly billingConfig: string | null;
  /** Null: plans are set by an operator. */
  readonly stripe: StripeEnv | null;
  /** Hosts and ranges that users may name although they are private: in http blocks, provider keys and MCP servers. */
  readonly egressAllow: readonly string[];
  readonly logLevel: LogLevel;
}

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export type ParsedEnv =
  | { readonly ok: true; readonly env: Env }
  /** One sentence for each variable that is wrong or missing. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** The only reader of the process's environment. */
export function readEnv(): ParsedEnv {
  return parseEnv(process.env);
}

/** An empty variable counts as one that is not set. */
export function parseEnv(source: Readonly<Record<string, string | undefined>>): ParsedEnv {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()));
  const parsed = variables.safeParse(set);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}.`);
  const production = set["NODE_ENV"] === "production";
  if (production) problems.unshift(...missingInProduction(set));
  problems.push(...missingForModels(set), ...missingForStripe(set));
  if (!parsed.success || problems.length > 0) return { ok: false, problems };

  const vars = parsed.data;
  return {
    ok: true,
    env: {
      production,
      port: vars.PORT,
      host: vars.HOST,
      publicUrl: vars.PUBLIC_URL ?? null,
      databaseUrl: vars.DATABASE_URL ?? null,
      redisUrl: vars.REDIS_URL ?? null,
      redisPrefix: vars.REDIS_PREFIX,
      authSecret: vars.AUTH_SECRET ?? null,
      encryptionKey: vars.ENCRYPTION_KEY ?? null,
      previousEncryptionKeys: vars.ENCRYPTION_KEYS_PREVIOUS,
      dataDir: vars.GANTRY_DATA_DIR ?? null,
      platformKeys: platformKeysOf(vars),
      modelPrices: vars.MODEL_PRICES ?? null,
      mcpServers: vars.MCP_SERVERS ?? null,
      billingEnabled: vars.BILLING_ENABLED,
      billingConfig: vars.BILLING_CONFIG ?? null,
      stripe: stripeEnvOf(vars),
      egressAllow: vars.EGRESS_ALLOW,
      logLevel: vars.LOG_LEVEL ?? (production ? "info" : "warn"),
    },
  };
}

function missingInProduction(set: Readonly<Record<string, unknown>>): string[] {
  return ["DATABASE_URL", "AUTH_SECRET", "ENCRYPTION_KEY"]
    .filter((name) => set[name] === undefined)
    .map((name) => `${name} must be set in production.`);
}

const variables = z.object({
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, "must be a number from 0 to 65535")
    .default("3000")
    .transform(Number),
  HOST: z.string().trim().default("127.0.0.1"),
  PUBLIC_URL: urlVariable("http:", "https:").optional(),
  DATABASE_URL: urlVariable("postgres:", "postgresql:").optional(),
  REDIS_URL: urlVariable("redis:", "rediss:").optional(),
  REDIS_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9:_-]{1,100}$/, "must be 1 to 100 letters, digits, colons, underscores or hyphens")
    .default("gantry"),
  AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  ENCRYPTION_KEY: z
    .string()
    .transform((text, context) => {
      const parsed = parseEncryptionKey(text);
      if (parsed.ok) return parsed.key;
      context.addIssue("must be 32 bytes, written as 64 hex digits or as base64");
      return z.NEVER;
    })
    .optional(),
  ENCRYPTION_KEYS_PREVIOUS: z
    .string()
    .default("")
    .transform((text, context) => {
      const parsed = parseEncryptionKeys(text);
      if (parsed.ok) return parsed.keys;
      context.addIssue("must be keys of 32 bytes, each as 64 hex digits or as base64, separated by commas");
      return z.NEVER;
    }),
  GANTRY_DATA_DIR: z.string().optional(),
  ...modelVariables,
  MODEL_PRICES: z.string().optional(),
  MCP_SERVERS: z.string().optional(),
  BILLING_ENABLED: z
    .enum(["true", "false"], "must be true or false")
    .default("true")
    .transform((text) => text === "true"),
  BILLING_CONFIG: z.string().optional(),
  ...stripeVariables,
  EGRESS_ALLOW: z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ""),
    ),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(", ")}`).optional(),
});
