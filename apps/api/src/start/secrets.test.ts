import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyring, writeKeptSecrets } from "@gantry/secrets";
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

  test("the server seals with the given key and opens with the previous ones, too", async () => {
    const [old, fresh] = ["1".repeat(64), "2".repeat(64)];
    const AUTH_SECRET = "o".repeat(40);
    const ring = async (source: Record<string, string>) =>
      createKeyring((await loadSecrets(env({ AUTH_SECRET, ...source }), folder)).encryptionKeys);
    const sealed = (await ring({ ENCRYPTION_KEY: old })).seal("value", "context");
    expect((await ring({ ENCRYPTION_KEY: fresh })).open(sealed, "context")).toEqual({ ok: false });
    const both = await ring({ ENCRYPTION_KEY: fresh, ENCRYPTION_KEYS_PREVIOUS: old });
    expect(both.open(sealed, "context")).toEqual({ ok: true, value: "value" });
    expect(sealed.startsWith(both.currentPrefix)).toBe(false);
  });

  test("keys in the data folder that are being exchanged are all read, and so are those of before they were kept there", async () => {
    const given = "1".repeat(64);
    const [encryptionKey, previous] = [Buffer.alloc(32, 2), Buffer.alloc(32, 3)];
    const authSecret = "o".repeat(40);
    await writeKeptSecrets(folder, { authSecret, encryptionKey, previousEncryptionKeys: [previous] });
    const { encryptionKeys } = await loadSecrets(env({ ENCRYPTION_KEYS_PREVIOUS: given }), folder);
    expect(encryptionKeys.current.key).toEqual(encryptionKey);
    expect(encryptionKeys.previous?.map(({ key }) => key)).toEqual([previous, Buffer.alloc(32, 0x11)]);
  });

  test("a damaged file is told in a sentence and not overwritten", async () => {
    await writeFile(join(folder, "secrets.json"), "{}");
    await expect(loadSecrets(env(), folder)).rejects.toThrow(OperatorError);
    expect(await readFile(join(folder, "secrets.json"), "utf8")).toBe("{}");
  });

  test("a data folder that cannot be is told in a sentence", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await expect(openDataFolder(join(file, "inside"))).rejects.toThrow(/cannot be written/);
  });
});
