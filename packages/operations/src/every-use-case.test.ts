import { createTestDatabase, insertApiKey, type TestDatabase } from "@gantry/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Account, OperationsDeps, Principal } from "./deps.ts";
import * as operations from "./index.ts";
import { entriesOf, insertAdmin, insertSlot, insertWorld, session, testDeps, type World } from "./testing.ts";

type Call = (deps: OperationsDeps, who: Principal, world: World) => Promise<{ readonly kind: string }>;

const later = Date.now() + 3_600_000;
const nobody: Account = { kind: "user", id: "nobody" };

interface Mutation {
  readonly act: Call;
  /** The same, for something that does not exist or may not be. */
  readonly inVain: Call;
  readonly ok?: string;
  /** What must be so beforehand. */
  readonly given?: (database: TestDatabase, world: World) => Promise<unknown>;
}

const overrides = {
  usageLimitMicros: 1,
  syncRunsPerMinute: 2,
  asyncRunsPerMinute: 3,
  concurrentRunsMax: 4,
};
const shadowLimits = { usageLimitMicros: 1, runsPerMinute: 2, concurrentRunsMax: 3 };
let runId = "";

const mutations: Readonly<Record<string, Mutation>> = {
  banAccount: {
    act: (d, p, w) => operations.banAccount(d, p, { account: w.user, reason: "abuse", endsAt: later }),
    inVain: (d, p) => operations.banAccount(d, p, { account: nobody, reason: "abuse", endsAt: null }),
  },
  liftBan: {
    given: ({ sql }, w) => sql`INSERT INTO bans (id, user_id, reason) VALUES ('b', ${w.user.id}, 'abuse')`,
    act: (d, p, w) => operations.liftBan(d, p, w.user),
    inVain: (d, p, w) => operations.liftBan(d, p, w.organization),
  },
  setPlan: {
    act: (d, p, w) =>
      operations.setPlan(d, p, { account: w.organization, plan: "team", seats: 3, usageLimitMicros: null }),
    inVain: (d, p, w) =>
      operations.setPlan(d, p, { account: w.user, plan: "enterprise", seats: 1, usageLimitMicros: null }),
  },
  setLimits: {
    act: (d, p, w) => operations.setLimits(d, p, { account: w.user, overrides }),
    inVain: (d, p) => operations.setLimits(d, p, { account: nobody, overrides }),
  },
  setShadowLimits: {
    act: (d, p, w) => operations.setShadowLimits(d, p, { account: w.user, shadowLimits }),
    inVain: (d, p) => operations.setShadowLimits(d, p, { account: nobody, shadowLimits }),
  },
  setMemberCap: {
    act: (d, p, w) =>
      operations.setMemberCap(d, p, {
        organizationId: w.organization.id,
        userId: w.user.id,
        capMicros: 5,
      }),
    inVain: (d, p, w) =>
      operations.setMemberCap(d, p, { organizationId: w.organization.id, userId: p.userId, capMicros: 5 }),
  },
  unblockPayer: {
    given: ({ sql }) => sql`UPDATE payers SET blocked_reason = 'dispute'`,
    act: (d, p, w) => operations.unblockPayer(d, p, w.user),
    inVain: (d, p, w) => operations.unblockPayer(d, p, w.organization),
  },
  freeSlot: {
    given: async (database, w) => (runId = await insertSlot(database, w.tenant)),
    act: (d, p) => operations.freeSlot({ ...d, freeSlot: async () => true }, p, runId),
    inVain: (d, p) => operations.freeSlot({ ...d, freeSlot: async () => true }, p, "none"),
    ok: "freed",
  },
};

const reads: Readonly<Record<string, Call>> = {
  listAccounts: (d, p) => operations.listAccounts(d, p, { kind: null, search: null, ...firstPage }),
  getAccount: (d, p, w) => operations.getAccount(d, p, w.user),
  listSlots: (d, p) => operations.listSlots(d, p, { account: null, ...firstPage }),
  shadowReport: (d, p) => operations.shadowReport(d, p, firstPage),
  listAudit: (d, p) => operations.listAudit(d, p, { subjectId: null, ...firstPage }),
};
const firstPage = { cursor: null, limit: 10 };

/** No use cases of a person: the command line's, and what the others are made of. */
const forOperators = ["appointFirstAdmin", "findAccount", "isAdmin", "setRole"];

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

/** Everything that an admin may change. */
async function everything(): Promise<unknown> {
  const [row] = await database.sql`
    SELECT (SELECT json_agg(t ORDER BY id) FROM bans t) AS bans, (SELECT json_agg(t ORDER BY id) FROM payers t) AS payers,
           (SELECT json_agg(t ORDER BY id) FROM subscriptions t) AS subscriptions,
           (SELECT json_agg(t) FROM member_limits t) AS caps, (SELECT json_agg(t) FROM slots t) AS slots,
           (SELECT json_agg(t ORDER BY id) FROM users t) AS users, (SELECT json_agg(t) FROM audit_entries t) AS audit`;
  return row;
}

test("the tables below name every use case there is", () => {
  const named = [...Object.keys(mutations), ...Object.keys(reads), ...forOperators];
  expect(Object.keys(operations).toSorted()).toEqual(named.toSorted());
});

describe.each(Object.entries(mutations))("%s", (_, { act, inVain, given, ok = "ok" }) => {
  test("leaves exactly one audit entry, in the name of who did it", async () => {
    await given?.(database, world);
    expect(await act(deps, admin, world)).toMatchObject({ kind: ok });
    expect(await entriesOf(database)).toMatchObject([{ actor: admin.userId, subject: expect.any(String) }]);
  });

  test("changes nothing and leaves no entry when it cannot be done", async () => {
    await given?.(database, world);
    const before = await everything();
    expect((await inVain(deps, admin, world)).kind).not.toBe(ok);
    expect(await everything()).toEqual(before);
  });

  test("is undone when its audit entry cannot be written", async () => {
    await given?.(database, world);
    const before = await everything();
    await database.sql`ALTER TABLE audit_entries ADD CONSTRAINT broken CHECK (action = '')`;
    await expect(act(deps, admin, world)).rejects.toThrow("broken");
    expect(await everything()).toEqual(before);
  });
});

describe.each([
  ...Object.entries(reads),
  ...Object.entries(mutations).map(([name, { act }]) => [name, act] as const),
])("%s", (name, call) => {
  test("is forbidden to whoever is not an admin any more or yet, and to an admin's API key", async () => {
    await mutations[name]?.given?.(database, world);
    const key = await insertApiKey(database.db, {
      workspaceId: world.tenant.workspaceId,
      userId: admin.userId,
    });
    const before = await everything();
    for (const who of [
      session(world.user.id),
      session("nobody"),
      { userId: admin.userId, apiKeyId: key.id, workspaceId: key.workspaceId },
    ]) {
      expect(await call(deps, who, world)).toEqual({ kind: "forbidden" });
    }
    expect(await everything()).toEqual(before);
    await database.sql`UPDATE users SET role = 'user'`;
    expect(await call(deps, admin, world)).toEqual({ kind: "forbidden" });
  });
});

test("no entry holds a secret: not of a key, a password or a session", async () => {
  const secrets = [world.tenant.apiKey, "hash-of-a-password", "token-of-a-session"];
  await database.sql`INSERT INTO accounts (id, account_id, provider_id, user_id, password)
                     VALUES ('a', 'a', 'credential', ${world.user.id}, 'hash-of-a-password')`;
  await database.sql`INSERT INTO sessions (id, token, user_id, expires_at)
                     VALUES ('s', 'token-of-a-session', ${world.user.id}, now() + interval '1 day')`;
  for (const { given, act } of Object.values(mutations)) {
    await given?.(database, world);
    await act(deps, admin, world);
    await operations.liftBan(deps, admin, world.user);
  }
  const log = JSON.stringify([await entriesOf(database), await reads["listAudit"]?.(deps, admin, world)]);
  for (const secret of secrets) expect(log).not.toContain(secret);
});
