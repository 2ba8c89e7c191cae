import { parseEncryptionKey, parseEncryptionKeys } from "@gantry/secrets";
import { z } from "zod";
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
  /** Null: the local model server answers. */
  readonly anthropic: { readonly apiKey: string; readonly baseUrl: string | null } | null;
  readonly billingEnabled: boolean;
  /** A JSON file; null: the default plans. */
  readonly billingConfig: string | null;
  /** Null: plans are set by an operator. */
  readonly stripe: StripeEnv | null;
  /** Hosts and ranges that http blocks may call although they are private. */
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
  problems.push(...missingForStripe(set));
  if (!parsed.success || problems.length > 0) return { ok: false, problems };

  const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseUrl, ...rest } = parsed.data;
  return {
    ok: true,
    env: {
      production,
      port: rest.PORT,
      host: rest.HOST,
      publicUrl: rest.PUBLIC_URL ?? null,
      databaseUrl: rest.DATABASE_URL ?? null,
      redisUrl: rest.REDIS_URL ?? null,
      redisPrefix: rest.REDIS_PREFIX,
      authSecret: rest.AUTH_SECRET ?? null,
      encryptionKey: rest.ENCRYPTION_KEY ?? null,
      previousEncryptionKeys: rest.ENCRYPTION_KEYS_PREVIOUS,
      dataDir: rest.GANTRY_DATA_DIR ?? null,
      anthropic: apiKey === undefined ? null : { apiKey, baseUrl: baseUrl ?? null },
      billingEnabled: rest.BILLING_ENABLED,
      billingConfig: rest.BILLING_CONFIG ?? null,
      stripe: stripeEnvOf(rest),
      egressAllow: rest.EGRESS_ALLOW,
      logLevel: rest.LOG_LEVEL ?? (production ? "info" : "warn"),
    },
  };
}

function missingInProduction(set: Readonly<Record<string, unknown>>): string[] {
  return ["DATABASE_URL", "AUTH_SECRET", "ENCRYPTION_KEY"]
    .filter((name) => set[name] === undefined)
    .map((name) => `${name} must be set in production.`);
}

const url = (...protocols: string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    message: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
  });

const variables = z.object({
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, "must be a number from 0 to 65535")
    .default("3000")
    .transform(Number),
  HOST: z.string().trim().default("127.0.0.1"),
  PUBLIC_URL: url("http:", "https:").optional(),
  DATABASE_URL: url("postgres:", "postgresql:").optional(),
  REDIS_URL: url("redis:", "rediss:").optional(),
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
  ANTHROPIC_API_KEY: z.string().trim().optional(),
  ANTHROPIC_BASE_URL: url("http:", "https:").optional(),
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
