import { bans } from "@gantry/db";
import { createTestDatabase, type TestDatabase } from "@gantry/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { getAccount } from "../accounts/get-account.ts";
import type { Account, OperationsDeps, Principal } from "../deps.ts";
import { entriesOf, insertAdmin, insertWorld, race, testDeps, type World } from "../testing.ts";
import { banAccount } from "./ban-account.ts";
import { liftBan } from "./lift-ban.ts";

let database: TestDatabase;
let deps: OperationsDeps;
let world: World;
let admin: Principal;
beforeEach(async () => {
  database = await createTestDatabase();
  deps = testDeps(database);
  world = await insertWorld(database);
  admin = await insertAdmin(database);
});
afterEach(() => database[Symbol.asyncDispose]());

async function accountOf(account: Account) {
  const found = await getAccount(deps, admin, account);
  if (found.kind !== "ok") throw new Error(found.kind);
  return found.account;
}

test("a ban is kept with its reason, its end and who made it, and lifting it leaves the row", async () => {
  const endsAt = Date.now() + 3_600_000;
  await banAccount(deps, admin, { account: world.organization, reason: "chargebacks", endsAt });
  const banned = await accountOf(world.organization);
  expect(banned.ban).toEqual({ reason: "chargebacks", endsAt });
  expect(banned.bans).toMatchObject([{ createdBy: "Root", counts: true, endsAt }]);

  expect(await liftBan(deps, admin, world.organization)).toMatchObject({ kind: "ok" });
  const lifted = await accountOf(world.organization);
  expect(lifted.ban).toBeNull();
  expect(lifted.bans).toMatchObject([{ reason: "chargebacks", counts: false }]);
  expect(lifted.bans[0]?.endsAt).toBeLessThan(endsAt);
  expect((await entriesOf(database)).map(({ details }) => details)).toMatchObject([
    { before: null, after: { reason: "chargebacks", endsAt } },
    { before: { endsAt }, after: { reason: "chargebacks" } },
  ]);
  expect(await liftBan(deps, admin, world.organization)).toEqual({ kind: "not_banned" });
});

test("of two admins who ban the same account at once one does, and nobody bans it twice", async () => {
  const ban = () => banAccount(deps, admin, { account: world.user, reason: "abuse", endsAt: null });
  const kinds = (await race(database, "bans", [ban, ban, ban])).map(({ kind }) => kind);
  expect(kinds.toSorted()).toEqual(["already_banned", "already_banned", "ok"]);
  expect(await database.db.select().from(bans)).toHaveLength(1);
});

test("a ban that would have ended already is none", async () => {
  const endsAt = Date.now() - 60_000;
  const request = { account: world.user, reason: "abuse", endsAt };
  expect(await banAccount(deps, admin, request)).toEqual({ kind: "ends_in_the_past" });
  expect(await database.db.select().from(bans)).toEqual([]);
});

test("after a ban has run out the account can be banned again, and of several all that count are lifted", async () => {
  await database.sql`
    INSERT INTO bans (id, user_id, reason, ends_at) VALUES ('past', ${world.user.id}, 'old', now() - interval '1 h')`;
  expect((await accountOf(world.user)).ban).toBeNull();
  await banAccount(deps, admin, { account: world.user, reason: "again", endsAt: null });
  await database.sql`
    INSERT INTO bans (id, user_id, reason, ends_at) VALUES ('b', ${world.user.id}, 'short', now() + interval '1 h')`;
  expect((await accountOf(world.user)).ban).toEqual({ reason: "again", endsAt: null });
  await liftBan(deps, admin, world.user);
  expect((await accountOf(world.user)).bans.map(({ counts }) => counts)).toEqual([false, false, false]);
});
