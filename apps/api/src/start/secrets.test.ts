import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Env, parseEnv } from "../env.ts";
import { openDataFolder } from "./data-folder.ts";
import { OperatorError } from "./operator-error.ts";
import { loadSecrets } from "./secrets.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gantry-secrets-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function env(source: Record<string, string> = {}): Env {
  const parsed = parseEnv(source);
  if (!parsed.ok) throw new Error(parsed.problems.join(" "));
  return parsed.env;
}

describe("secrets", () => {
  test("are generated once, kept where only their owner can read them, and the same at the next start", async () => {
    const first = await loadSecrets(env(), folder);
    expect(await loadSecrets(env(), folder)).toEqual(first);
    const file = join(folder, "secrets.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toContain(first.authSecret);
  });

  test("the operator's win, one by one", async () => {
    const kept = await loadSecrets(env(), folder);
    const mixed = await loadSecrets(env({ AUTH_SECRET: "o".repeat(40) }), folder);
    expect(mixed).toEqual({ ...kept, authSecret: "o".repeat(40) });
  });

  test("another encryption key has another name, so that envelopes tell which one sealed them", async () => {
    const secret = { AUTH_SECRET: "o".repeat(40) };
    const one = await loadSecrets(env({ ...secret, ENCRYPTION_KEY: "1".repeat(64) }), folder);
    const two = await loadSecrets(env({ ...secret, ENCRYPTION_KEY: "2".repeat(64) }), folder);
    expect(one.encryptionKey.id).not.toBe(two.encryptionKey.id);
  });

  test.each(["{", "{}", '{"authSecret":"short","encryptionKey":"x"}'])(
    "a damaged file (%s) is told in a sentence and not overwritten",
    async (text) => {
      await writeFile(join(folder, "secrets.json"), text);
      await expect(loadSecrets(env(), folder)).rejects.toThrow(OperatorError);
      expect(await readFile(join(folder, "secrets.json"), "utf8")).toBe(text);
    },
  );

  test("a data folder that cannot be is told in a sentence", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(openDataFolder(join(file, "inside"))).rejects.toThrow(/cannot be written/);
  });
});
