import { randomBytes } from "node:crypto";
import { openDatabase } from "@gantry/db";
import {
  createTestDatabase,
  insertEnvironmentValue,
  insertProviderKey,
  insertTenant,
  type TestDatabase,
} from "@gantry/db/testing";
import {
  createKeyring,
  encryptionKeys,
  type Keyring,
  readKeptSecrets,
  sealContext,
  writeKeptSecrets,
} from "@gantry/secrets";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Ended, scratchDataDir, startGantry } from "../testing.ts";

let database: TestDatabase;
let folder: Awaited<ReturnType<typeof scratchDataDir>>;
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await scratchDataDir();
});
afterEach(async () => {
  await database[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const rotate = (environment: Record<string, string> = {}) =>
  startGantry("keys rotate", { DATABASE_URL: database.url, GANTRY_DATA_DIR: folder.path, ...environment });

const ringOf = (current: Buffer, ...previous: Buffer[]) => createKeyring(encryptionKeys(current, previous));
const nameOf = (key: Buffer) => encryptionKeys(key, []).current.id;

/** So many values of one workspace, and one key, whose secret is their name. */
async function storeSecrets(keyring: Keyring, values: number): Promise<string> {
  const { workspaceId } = await insertTenant(database.db);
  for (let number = 0; number < values; number += 1) {
    const name = `VALUE_${number}`;
    const id = `e${String(number).padStart(4, "0")}`;
    const sealed = keyring.seal(name, sealContext.workspaceValue(workspaceId, name));
    await insertEnvironmentValue(database.db, { id, workspaceId, name, sealed });
  }
  const sealed = keyring.seal("k", sealContext.providerKey(workspaceId, "k"));
  await insertProviderKey(database.db, { id: "k", workspaceId, sealed });
  return workspaceId;
}

/** The names of what this ring cannot open. */
async function unreadableFor(keyring: Keyring, workspaceId: string): Promise<string[]> {
  const values = await database.sql<{ name: string; sealed: string }[]>`
    SELECT name, sealed FROM environment_values ORDER BY id`;
  const keys = await database.sql<{ name: string; sealed: string }[]>`
    SELECT id AS name, sealed FROM provider_keys ORDER BY id`;
  const wrong = (rows: typeof values, contextOf: (name: string) => string) =>
    rows.filter(({ name, sealed }) => {
      const opened = keyring.open(sealed, contextOf(name));
      return !opened.ok || opened.value !== name;
    });
  return [
    ...wrong(values, (name) => sealContext.workspaceValue(workspaceId, name)),
    ...wrong(keys, (id) => sealContext.providerKey(workspaceId, id)),
  ].map(({ name }) => name);
}

async function sealedWith(prefix: string): Promise<number> {
  const [row] = await database.sql<{ count: number }[]>`
    SELECT count(*)::int FROM environment_values WHERE starts_with(sealed, ${prefix})`;
  return row?.count ?? 0;
}

/** With its session, which would otherwise go on with the statement that it was given last. */
async function killed(rotation: ReturnType<typeof rotate>): Promise<Ended> {
  rotation.kill();
  const ended = await rotation.ended;
  await until(async () => {
    const sessions = await database.sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'gantry-cli'`;
    return sessions.length === 0;
  });
  return ended;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error("It did not come to that.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("with the key in ENCRYPTION_KEY", () => {
  const [old, fresh] = [randomBytes(32), randomBytes(32)];
  const both = {
    ENCRYPTION_KEY: fresh.toString("base64"),
    ENCRYPTION_KEYS_PREVIOUS: `${randomBytes(32).toString("hex")}, ${old.toString("hex")}`,
  };

  test("everything is sealed with it afterwards, and the old one opens nothing any more", async () => {
    const workspaceId = await storeSecrets(ringOf(old), 3);
    // A server may run: it was given both keys first.
    const server = openDatabase({ url: database.url, poolMax: 1, applicationName: "gantry-hot" });
    await server.sql`SELECT 1`;
    const { out, err, code } = await rotate(both).ended;
    await server.close();
    expect({ lines: out.split("\n"), err, code }).toEqual({
      lines: [
        `Sealed anew with the key ${nameOf(fresh)}: 3 environment values, 1 provider key.`,
        "No stored value needs a key of ENCRYPTION_KEYS_PREVIOUS any more.",
        "",
      ],
      err: "",
      code: 0,
    });
    expect(await unreadableFor(ringOf(fresh), workspaceId)).toEqual([]);
    expect(await unreadableFor(ringOf(old), workspaceId)).toHaveLength(4);
    expect(await rotate({ ENCRYPTION_KEY: both.ENCRYPTION_KEY }).ended).toMatchObject({ code: 0 });
  });

  test("what cannot be opened is named, left as it is and ends with 1; the rest is done", async () => {
    const workspaceId = await storeSecrets(ringOf(old), 2);
    await database.sql`UPDATE environment_values SET sealed = 'v1.lost.x.y.z' WHERE id = 'e0000'`;
    const { out, code } = await rotate(both).ended;
    expect({ lines: out.trimEnd().split("\n"), code }).toEqual({
      lines: [
        `environment value e0000 (VALUE_0 of workspace ${workspaceId}) cannot be opened with any of the keys and was left as it is`,
        `Sealed anew with the key ${nameOf(fresh)}: 1 environment value, 1 provider key.`,
      ],
      code: 1,
    });
    expect(await sealedWith("v1.lost.")).toBe(1);
    expect(await unreadableFor(ringOf(fresh), workspaceId)).toEqual(["VALUE_0"]);
  });

  test("a key that is none is told without repeating it, and nothing is touched", async () => {
    await storeSecrets(ringOf(old), 1);
    for (const [name, value] of [
      ["ENCRYPTION_KEY", "hidden"],
      ["ENCRYPTION_KEYS_PREVIOUS", `${old.toString("hex")},hidden`],
    ] as const) {
      const { out, err, code } = await rotate({ ...both, [name]: value }).ended;
      expect({ out, code }).toEqual({ out: "", code: 2 });
      expect(err).toMatch(new RegExp(`^${name} cannot be used\\. [^\\n]+\\n$`));
      expect(err).not.toContain("hidden");
    }
    expect(await sealedWith(ringOf(old).currentPrefix)).toBe(1);
  });
});

describe("with the key in the data folder", () => {
  const old = randomBytes(32);
  const authSecret = "a".repeat(43);
  beforeEach(() =>
    writeKeptSecrets(folder.path, { authSecret, encryptionKey: old, previousEncryptionKeys: [] }),
  );

  async function kept() {
    const secrets = await readKeptSecrets(folder.path);
    if (secrets === null) throw new Error("no secrets are kept");
    return { ...secrets, ring: ringOf(secrets.encryptionKey, ...secrets.previousEncryptionKeys) };
  }

  test("a new one is there afterwards, alone, and everything is sealed with it", async () => {
    const workspaceId = await storeSecrets(ringOf(old), 2);
    const { out, err, code } = await rotate().ended;
    const after = await kept();
    expect({ lines: out.trimEnd().split("\n"), err, code }).toEqual({
      lines: [
        `Sealed anew with the key ${nameOf(after.encryptionKey)}: 2 environment values, 1 provider key.`,
        `The replaced key is no longer in ${folder.path}.`,
      ],
      err: "",
      code: 0,
    });
    expect(after).toMatchObject({ authSecret, previousEncryptionKeys: [] });
    expect(after.encryptionKey).not.toEqual(old);
    expect(await unreadableFor(after.ring, workspaceId)).toEqual([]);
  });

  test("killed in the middle, everything opens with the keys in the folder; run again, it is brought to its end", async () => {
    const workspaceId = await storeSecrets(ringOf(old), 150);
    const ended = await database.sql.begin(async (tx) => {
      // The second batch waits here.
      await tx`SELECT 1 FROM environment_values WHERE id = 'e0120' FOR UPDATE`;
      const rotation = rotate();
      await until(async () => (await sealedWith(ringOf(old).currentPrefix)) === 50);
      return await killed(rotation);
    });
    expect(ended.code).toBeNull();
    const between = await kept();
    expect(between.previousEncryptionKeys).toEqual([old]);
    expect(await sealedWith(ringOf(between.encryptionKey).currentPrefix)).toBe(100);
    expect(await unreadableFor(between.ring, workspaceId)).toEqual([]);

    const { out, code } = await rotate().ended;
    expect(code).toBe(0);
    expect(out).toMatch(/^An earlier rotation was not finished: going on with its key\.\n/);
    expect(out).toContain("50 environment values, 1 provider key.");
    const after = await kept();
    expect(after.encryptionKey).toEqual(between.encryptionKey);
    expect(after.previousEncryptionKeys).toEqual([]);
    expect(await unreadableFor(after.ring, workspaceId)).toEqual([]);
  });

  test("killed before the first value was sealed anew, everything opens, too", async () => {
    const workspaceId = await storeSecrets(ringOf(old), 1);
    await database.sql.begin(async (tx) => {
      await tx`SELECT 1 FROM environment_values FOR UPDATE`;
      const rotation = rotate();
      await until(async () => (await kept()).previousEncryptionKeys.length === 1);
      await killed(rotation);
    });
    expect(await sealedWith(ringOf(old).currentPrefix)).toBe(1);
    expect(await unreadableFor((await kept()).ring, workspaceId)).toEqual([]);
  });

  test("the replaced key is kept while something cannot be opened, and gone once that is mended", async () => {
    const workspaceId = await storeSecrets(ringOf(old), 2);
    await database.sql`UPDATE environment_values SET sealed = 'damaged' WHERE id = 'e0001'`;
    const { out, code } = await rotate().ended;
    expect(code).toBe(1);
    expect(out).toContain(`The replaced key stays in ${folder.path}`);
    const between = await kept();
    expect(between.previousEncryptionKeys).toEqual([old]);
    expect(await unreadableFor(between.ring, workspaceId)).toEqual(["VALUE_1"]);
    await database.sql`DELETE FROM environment_values WHERE id = 'e0001'`;
    expect(await rotate().ended).toMatchObject({ code: 0 });
    expect(await kept()).toMatchObject({
      encryptionKey: between.encryptionKey,
      previousEncryptionKeys: [],
    });
  });

  test("nothing is done while a Gantry runs, which would not know the new key", async () => {
    await storeSecrets(ringOf(old), 1);
    const server = openDatabase({ url: database.url, poolMax: 1, applicationName: "gantry-hot" });
    await server.sql`SELECT 1`;
    const refused = await rotate().ended;
    await server.close();
    expect(refused).toMatchObject({ out: "", code: 2 });
    expect(refused.err).toMatch(/^Gantry is running [^\n]+: stop it, rotate, and start it again\.\n$/);
    expect(await kept()).toMatchObject({ encryptionKey: old, previousEncryptionKeys: [] });
  });

  test("two rotations at once are one: the other is refused and writes no key", async () => {
    const workspaceId = await storeSecrets(ringOf(old), 1);
    const [first, second] = await database.sql.begin(async (tx) => {
      await tx`SELECT 1 FROM environment_values FOR UPDATE`;
      const rotation = rotate();
      await until(async () => (await kept()).previousEncryptionKeys.length === 1);
      return [{ rotation }, await rotate().ended] as const;
    });
    expect(second).toEqual({ out: "", err: "Keys are being rotated already.\n", code: 2 });
    expect(await first.rotation.ended).toMatchObject({ code: 0 });
    expect(await unreadableFor((await kept()).ring, workspaceId)).toEqual([]);
  });
});

test("a data folder without a key is told, and none is made there", async () => {
  const { err, code } = await rotate().ended;
  expect(code).toBe(2);
  expect(err).toMatch(/^There is no key in [^\n]+\n$/);
  expect(await readKeptSecrets(folder.path)).toBeNull();
});
