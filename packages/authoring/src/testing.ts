import { randomBytes } from "node:crypto";
import { insertPermission, insertUser, type TestDatabase } from "@gantry/db/testing";
import { createKeyring } from "@gantry/secrets";
import type { Level } from "./access.ts";
import type { AuthoringDeps, Principal } from "./deps.ts";

/** The real dependencies over a test database. Ids grow; the clock stands at `now` until a test moves it. */
export function testDeps(database: TestDatabase, now: () => number = () => 1_800_000_000_000): AuthoringDeps {
  let ids = 0;
  return {
    db: database.db,
    keyring: createKeyring({ current: { id: "test", key: randomBytes(32) } }),
    now,
    newId: () => `id-${String((ids += 1)).padStart(6, "0")}`,
    randomBytes,
  };
}

export function session(userId: string): Principal {
  return { userId, apiKeyId: null, workspaceId: null };
}

/** A new person with this permission in the workspace; null for none. */
export async function somebody(
  database: TestDatabase,
  workspaceId: string,
  level: Level | null,
): Promise<Principal> {
  const { id: userId } = await insertUser(database.db);
  if (level !== null) await insertPermission(database.db, { userId, workspaceId, level });
  return session(userId);
}
