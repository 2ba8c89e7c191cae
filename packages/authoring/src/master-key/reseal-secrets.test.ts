import { randomBytes } from "node:crypto";
import {
  createTestDatabase,
  insertEnvironmentValue,
  insertOrganization,
  insertProviderKey,
  insertTenant,
  type TestDatabase,
} from "@gantry/db/testing";
import { createKeyring, sealContext } from "@gantry/secrets";
import { describe, expect, test } from "vitest";
import { resealSecrets } from "./reseal-secrets.ts";

const [former, latter, foreign] = ["former", "latter", "foreign"].map((id) => ({ id, key: randomBytes(32) }));
if (former === undefined || latter === undefined || foreign === undefined) throw new Error("three keys");
const oldRing = createKeyring({ current: former });
const bothKeys = createKeyring({ current: latter, previous: [former] });
const newRing = createKeyring({ current: latter });

async function sealedIn({ sql }: TestDatabase): Promise<Record<string, string>> {
  const rows = await sql<{ id: string; sealed: string }[]>`
    SELECT id, sealed FROM environment_values UNION ALL SELECT id, sealed FROM provider_keys`;
  return Object.fromEntries(rows.map(({ id, sealed }) => [id, sealed]));
}

/** One of each kind, sealed with the former key; answers with the context of each. */
async function oneOfEach(database: TestDatabase) {
  const { db } = database;
  const { userId, workspaceId } = await insertTenant(db);
  const { id: organizationId } = await insertOrganization(db);
  const contexts: Record<string, string> = {
    e1: sealContext.workspaceValue(workspaceId, "A"),
    e2: sealContext.personalValue(userId, "A"),
    k1: sealContext.providerKey(workspaceId, "k1"),
    k2: sealContext.organizationProviderKey(organizationId, "k2"),
    k3: sealContext.providerKey(workspaceId, "k3"),
  };
  const seal = (id: string) => oldRing.seal(`value of ${id}`, contexts[id] ?? "");
  await insertEnvironmentValue(db, { id: "e1", workspaceId, name: "A", sealed: seal("e1") });
  await insertEnvironmentValue(db, { id: "e2", userId, name: "A", sealed: seal("e2") });
  await insertProviderKey(db, { id: "k1", workspaceId, sealed: seal("k1") });
  await insertProviderKey(db, { id: "k2", organizationId, sealed: seal("k2") });
  await insertProviderKey(db, { id: "k3", workspaceId, sealed: seal("k3"), revokedAt: new Date() });
  return { contexts, userId, workspaceId };
}

describe("sealing stored secrets anew", () => {
  test("every kind of value is under the current key afterwards and says what it said", async () => {
    await using database = await createTestDatabase();
    const { contexts } = await oneOfEach(database);
    const updated = await database.sql`SELECT id, updated_at FROM environment_values ORDER BY id`;
    expect(await resealSecrets(database.sql, bothKeys)).toEqual({
      environmentValues: 2,
      providerKeys: 3,
      unreadable: [],
    });
    const sealed = await sealedIn(database);
    const opened = Object.entries(contexts).map(([id, context]) => newRing.open(sealed[id] ?? "", context));
    expect(opened).toEqual(Object.keys(contexts).map((id) => ({ ok: true, value: `value of ${id}` })));
    // Nobody edited them.
    expect(await database.sql`SELECT id, updated_at FROM environment_values ORDER BY id`).toEqual(updated);
    expect(await resealSecrets(database.sql, bothKeys)).toMatchObject({
      environmentValues: 0,
      providerKeys: 0,
    });
    expect(await sealedIn(database)).toEqual(sealed);
  });

  test("what no key opens is named without its value and left as it is, and the rest is sealed anew", async () => {
    await using database = await createTestDatabase();
    const { workspaceId } = await oneOfEach(database);
    const foreignSealed = createKeyring({ current: foreign }).seal(
      "lost",
      sealContext.workspaceValue(workspaceId, "LOST"),
    );
    await insertEnvironmentValue(database.db, { id: "e0", workspaceId, name: "LOST", sealed: foreignSealed });
    await insertProviderKey(database.db, { id: "k0", workspaceId, sealed: "damaged" });
    await insertProviderKey(database.db, { id: "k9", workspaceId, sealed: "x", revokedAt: new Date() });
    expect(await resealSecrets(database.sql, bothKeys)).toEqual({
      environmentValues: 2,
      providerKeys: 3,
      unreadable: [
        `environment value e0 (LOST of workspace ${workspaceId})`,
        `provider key k0 (of workspace ${workspaceId})`,
      ],
    });
    expect(await sealedIn(database)).toMatchObject({ e0: foreignSealed, k0: "damaged", k9: "x" });
  });

  test("more rows than a batch holds are all sealed anew", async () => {
    await using database = await createTestDatabase();
    const { workspaceId } = await insertTenant(database.db);
    for (let row = 0; row < 250; row += 1) {
      const name = `V${row}`;
      const sealed = oldRing.seal(name, sealContext.workspaceValue(workspaceId, name));
      await insertEnvironmentValue(database.db, { workspaceId, name, sealed });
    }
    expect(await resealSecrets(database.sql, bothKeys)).toMatchObject({ environmentValues: 250 });
    const sealed = Object.values(await sealedIn(database));
    expect(sealed.filter((envelope) => !envelope.startsWith(newRing.currentPrefix))).toEqual([]);
  });

  test.each([
    { by: "the current key", ring: bothKeys, again: 0 },
    { by: "a process that still seals with the old key", ring: oldRing, again: 1 },
  ])("a value that is set meanwhile, by $by, is not overwritten", async ({ ring, again }) => {
    await using database = await createTestDatabase();
    const { contexts } = await oneOfEach(database);
    const context = contexts["e1"] ?? "";
    const edit = ring.seal("edited", context);
    const { resealing } = await database.sql.begin(async (tx) => {
      await tx`UPDATE environment_values SET sealed = ${edit} WHERE id = 'e1'`;
      const started = { resealing: resealSecrets(database.sql, bothKeys) };
      await waitUntilBlocked(database);
      return started;
    });
    // The other value of that table, and the edited one if it needs it.
    expect(await resealing).toMatchObject({ environmentValues: 1 + again, unreadable: [] });
    const { e1 = "" } = await sealedIn(database);
    expect(newRing.open(e1, context)).toEqual({ ok: true, value: "edited" });
    expect(e1 === edit).toBe(again === 0);
  });
});

async function waitUntilBlocked({ sql }: TestDatabase): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const [row] = await sql<{ waiting: number }[]>`
      SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    if (row !== undefined && row.waiting > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("Nobody waits for the row.");
}
