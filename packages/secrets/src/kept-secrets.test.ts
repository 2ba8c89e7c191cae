import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KeptSecretsError, readKeptSecrets, writeKeptSecrets } from "./kept-secrets.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gantry-kept-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const secrets = {
  authSecret: "a".repeat(32),
  encryptionKey: randomBytes(32),
  previousEncryptionKeys: [randomBytes(32), randomBytes(32)],
};

test("what was kept is read again, and only its owner can read the file, which lies there alone", async () => {
  expect(await readKeptSecrets(folder)).toBeNull();
  await writeKeptSecrets(folder, secrets);
  expect(await readKeptSecrets(folder)).toEqual(secrets);
  expect(await readdir(folder)).toEqual(["secrets.json"]);
  expect((await stat(join(folder, "secrets.json"))).mode & 0o777).toBe(0o600);
  const settled = { ...secrets, previousEncryptionKeys: [] };
  await writeKeptSecrets(folder, settled);
  expect(await readKeptSecrets(folder)).toEqual(settled);
});

test("a file of an earlier version, which knows no previous keys, is read as one without any", async () => {
  const file = { authSecret: secrets.authSecret, encryptionKey: secrets.encryptionKey.toString("hex") };
  await writeFile(join(folder, "secrets.json"), JSON.stringify(file));
  expect(await readKeptSecrets(folder)).toEqual({ ...secrets, previousEncryptionKeys: [] });
});

const authSecret = "a".repeat(32);
const encryptionKey = "0".repeat(64);
test.each([
  "{",
  "{}",
  "null",
  JSON.stringify({ authSecret: "short", encryptionKey }),
  JSON.stringify({ authSecret, encryptionKey: "x" }),
  JSON.stringify({ authSecret, encryptionKey, previousEncryptionKeys: "0".repeat(64) }),
  JSON.stringify({ authSecret, encryptionKey, previousEncryptionKeys: ["x"] }),
])("a damaged file (%s) is told in a sentence that repeats none of it, and not overwritten", async (text) => {
  const path = join(folder, "secrets.json");
  await writeFile(path, text);
  const error: unknown = await readKeptSecrets(folder).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(KeptSecretsError);
  expect(String(error)).toContain(`${path} is damaged`);
  expect(String(error)).not.toContain(encryptionKey);
  expect(await readFile(path, "utf8")).toBe(text);
});

test("a folder that is no folder is told in a sentence", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  await expect(readKeptSecrets(file)).rejects.toThrow(/cannot be read \(ENOTDIR\)/);
  await expect(writeKeptSecrets(file, secrets)).rejects.toThrow(/cannot be written \(ENOTDIR\)/);
});
