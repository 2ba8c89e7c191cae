import {
  createTestDatabase,
  insertOrganization,
  insertSubscription,
  insertUsageCounter,
  insertUser,
  type TestDatabase,
} from "@gantry/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OperationsDeps, Principal } from "../deps.ts";
import { insertAdmin, insertSlot, insertWorld, testDeps } from "../testing.ts";
import { getAccount } from "./get-account.ts";
import { type ListAccountsRequest, listAccounts } from "./list-accounts.ts";

let database: TestDatabase;
let deps: OperationsDeps;
let admin: Principal;
beforeEach(async () => {
  database = await createTestDatabase();
  deps = testDeps(database);
  admin = await insertAdmin(database);
});
afterEach(() => database[Symbol.asyncDispose]());

async function list(request: Partial<ListAccountsRequest> = {}) {
  const all = { kind: null, search: null, cursor: null, limit: 100 } as const;
  const page = await listAccounts(deps, admin, { ...all, ...request });
  if (page.kind !== "ok") throw new Error(page.kind);
  return page;
}

describe("the list of accounts", () => {
  test("pages through users and organizations, newest first, and repeats and skips none", async () => {
    for (let i = 0; i < 4; i += 1) {
      await insertUser(database.db);
      await insertOrganization(database.db);
    }
    const all = (await list()).items.map(({ id }) => id);
    expect(all).toHaveLength(9);
    expect(all).toEqual(all.toSorted().toReversed());
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list({ cursor, limit: 2 });
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      // Somebody new must not shift the pages.
      await insertUser(database.db);
    } while (cursor !== null);
    expect(paged).toEqual(all);
    expect((await list({ kind: "organization" })).items).toHaveLength(4);
  });

  test("finds by the beginning of a name, an email or a slug, in any case, and takes no character for a wildcard", async () => {
    await insertUser(database.db, { name: "Ada Lovelace", email: "countess@example.com" });
    await insertUser(database.db, { name: "Zoe", email: "a_a@example.com" });
    await insertOrganization(database.db, { name: "Adamant", slug: "rock" });
    const found = async (search: string) => (await list({ search })).items.map(({ name }) => name);
    expect(await found("ADA")).toEqual(["Adamant", "Ada Lovelace"]);
    expect(await found("Count")).toEqual(["Ada Lovelace"]);
    expect(await found("rock")).toEqual(["Adamant"]);
    expect(await found("a_")).toEqual(["Zoe"]);
    expect(await found("%")).toEqual([]);
    expect(await found("lovelace")).toEqual([]);
  });
});

describe("an account", () => {
  test("is shown with its plan, what it has used and holds, its limits and where they come from", async () => {
    const { tenant, user } = await insertWorld(database);
    const periodStart = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth()));
    await insertUsageCounter(database.db, { payerId: tenant.payerId, periodStart, settledMicros: 1_500 });
    await insertSlot(database, tenant, { holdMicros: 300 });
    await insertSlot(database, tenant, { holdMicros: 400 });
    const found = await getAccount(deps, admin, user);
    expect(found).toMatchObject({
      kind: "ok",
      account: {
        kind: "user",
        handle: `${user.id}@example.com`,
        role: "user",
        plan: "free",
        subscription: null,
        period: { startAt: periodStart.getTime() },
        settledMicros: 1_500,
        heldMicros: 700,
        slotsInUse: 2,
        blockedReason: null,
        ban: null,
        limits: { usageLimitMicros: 5_000_000, sources: { usageLimit: "plan" } },
        memberships: [{ name: "Acme", role: "member" }],
        members: null,
        paidThroughStripe: false,
      },
    });
  });

  test("that is a user has the best plan of their organizations, as admission sees it", async () => {
    const { user, organization } = await insertWorld(database);
    await insertSubscription(database.db, { organizationId: organization.id, plan: "team", seats: 2 });
    expect(await getAccount(deps, admin, user)).toMatchObject({
      account: { plan: "team", subscription: { source: "organization" } },
    });
  });

  test("that nobody has is not found, nor is a user under an organization's name", async () => {
    const { user } = await insertWorld(database);
    expect(await getAccount(deps, admin, { kind: "user", id: "none" })).toEqual({ kind: "not_found" });
    expect(await getAccount(deps, admin, { kind: "organization", id: user.id })).toEqual({
      kind: "not_found",
    });
  });
});
