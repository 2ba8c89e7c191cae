import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startModelServer } from "@gantry/model-server";
import { expect, test } from "vitest";
import { processEnvironment } from "./process-environment.ts";

test("the scratch stores are given, under a prefix of their own; keys that cost money, own plans and switched-off limits are not passed on", async () => {
  const folder = await mkdtemp(join(tmpdir(), "gantry-guarantees-test-"));
  const models = await startModelServer();
  try {
    const environment = await processEnvironment(
      {
        PATH: "/bin",
        REDIS_URL: "redis://the/real/one",
        DATABASE_URL: "postgres://the/real/one",
        STRIPE_SECRET_KEY: "sk_live",
        ANTHROPIC_API_KEY: "sk-ant",
        BILLING_ENABLED: "false",
        BILLING_CONFIG: "plans.json",
        ENCRYPTION_KEY: "the real one",
      },
      { databaseUrl: "postgres://scratch", redisUrl: "redis://scratch", folder, models },
    );
    expect(environment).toMatchObject({
      PATH: "/bin",
      DATABASE_URL: "postgres://scratch",
      REDIS_URL: "redis://scratch",
      REDIS_PREFIX: expect.stringMatching(/^gantry-guarantees-[0-9a-f]{12}$/),
      ANTHROPIC_BASE_URL: models.url,
    });
    expect(Object.keys(environment).filter((name) => /STRIPE|BILLING/.test(name))).toEqual([]);
    expect(JSON.stringify(environment)).not.toMatch(/sk-ant|the real one|the\/real/);
    expect(await readFile(environment["NODE_EXTRA_CA_CERTS"] ?? "", "utf8")).toBe(models.ca);
  } finally {
    await models.close();
    await rm(folder, { recursive: true });
  }
});
