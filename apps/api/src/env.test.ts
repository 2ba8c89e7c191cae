import { describe, expect, test } from "vitest";
import { parseEnv } from "./env.ts";

const key = "0".repeat(64);
const production = {
  NODE_ENV: "production",
  DATABASE_URL: "postgres://gantry@db.internal/gantry",
  AUTH_SECRET: "s".repeat(32),
  ENCRYPTION_KEY: key,
};

function problemsOf(source: Record<string, string>): readonly string[] {
  const parsed = parseEnv(source);
  return parsed.ok ? [] : parsed.problems;
}

describe("the environment", () => {
  test("nothing has to be set, and an empty variable is not set", () => {
    const parsed = parseEnv({ PORT: "", DATABASE_URL: " ", ANTHROPIC_API_KEY: "", NODE_ENV: "" });
    expect(parsed).toEqual(parseEnv({}));
    expect(parsed).toMatchObject({
      ok: true,
      env: {
        port: 3_000,
        host: "127.0.0.1",
        databaseUrl: null,
        redisUrl: null,
        redisPrefix: "gantry",
        platformKeys: null,
        modelPrices: null,
        mcpServers: null,
        billingEnabled: true,
      },
    });
  });

  test("production names every variable that is missing, at once", () => {
    expect(problemsOf({ NODE_ENV: "production" })).toEqual([
      "DATABASE_URL must be set in production.",
      "AUTH_SECRET must be set in production.",
      "ENCRYPTION_KEY must be set in production.",
    ]);
    expect(problemsOf({ ...production, AUTH_SECRET: "" })).toEqual([
      "AUTH_SECRET must be set in production.",
    ]);
    expect(problemsOf(production)).toEqual([]);
  });

  test("every variable that is wrong is named, and no value is repeated", () => {
    const wrong = {
      PORT: "70000",
      PUBLIC_URL: "gantry.example",
      DATABASE_URL: "mysql://user:hunter2@host/db",
      REDIS_URL: "http://user:hunter2@host",
      AUTH_SECRET: "short-secret",
      ENCRYPTION_KEY: "not-a-key",
      ENCRYPTION_KEYS_PREVIOUS: `${key},not-an-old-key`,
      BILLING_ENABLED: "maybe",
      ANTHROPIC_BASE_URL: "ftp://host",
      OPENAI_API_KEY: "sk-hunter2 and more",
      GEMINI_API_KEY: "hunter2\r\nx-evil: 1",
      BEDROCK_REGION: "us-east-1.hunter2.example",
      BEDROCK_DEFAULT_CHAIN: "hunter2",
      AZURE_ANTHROPIC_API_KEY: "kéy-hunter2",
      AZURE_ANTHROPIC_BASE_URL: "hunter2.example",
      AWS_ACCESS_KEY_ID: "AKIA hunter2",
      AWS_SECRET_ACCESS_KEY: "hunter2 hunter2",
      LOG_LEVEL: "loud",
    };
    const problems = problemsOf(wrong);
    const named = new Set(problems.map((sentence) => sentence.split(" ", 1)[0]));
    expect(named).toEqual(new Set(Object.keys(wrong)));
    const said = problems.join(" ");
    for (const secret of ["hunter2", "short-secret", "not-a-key", "not-an-old-key"])
      expect(said).not.toContain(secret);
  });

  test("what is missing and what is wrong is told together", () => {
    expect(problemsOf({ NODE_ENV: "production", PORT: "x" })).toHaveLength(4);
  });

  test("values are read as what they mean", () => {
    const parsed = parseEnv({
      ...production,
      PORT: "8080",
      BILLING_ENABLED: "false",
      ENCRYPTION_KEYS_PREVIOUS: ` ${"1".repeat(64)}, ${"2".repeat(64)} `,
      EGRESS_ALLOW: " 10.0.0.0/8, internal.example ,",
      ANTHROPIC_API_KEY: "sk-ant-1 ",
    });
    expect(parsed).toMatchObject({
      env: {
        production: true,
        port: 8_080,
        billingEnabled: false,
        encryptionKey: Buffer.alloc(32),
        previousEncryptionKeys: [Buffer.alloc(32, 0x11), Buffer.alloc(32, 0x22)],
        egressAllow: ["10.0.0.0/8", "internal.example"],
        platformKeys: { anthropic: { provider: "anthropic", apiKey: "sk-ant-1", source: "platform" } },
        logLevel: "info",
      },
    });
  });
});
