import { payers } from "@gantry/db";
import {
  createTestDatabase,
  insertMember,
  insertOrganization,
  insertPermission,
  insertSubscription,
  insertTenant,
  insertUser,
  insertWorkspace,
  type TestDatabase,
} from "@gantry/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readBilling } from "./read-billing.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const session = (userId: string) => ({ userId, apiKeyId: null, workspaceId: null });
const nothing = {
  plan: "free",
  isFromOrganization: false,
  own: null,
  given: null,
  blockedReason: null,
  isCustomer: false,
};

async function viewer() {
  const { userId, workspaceId } = await insertTenant(database.db);
  return { userId, workspaceId, view: () => readBilling(database.sql, session(userId), workspaceId) };
}

test("without a subscription it is the free plan", async () => {
  const { view } = await viewer();
  expect(await view()).toEqual({ kind: "ok", view: { ...nothing, mayManage: true } });
});

test("an operator's plan and Stripe's side by side: the highest is shown, and who set it", async () => {
  const { userId, view } = await viewer();
  const periodEnd = new Date(Date.now() + 86_400_000);
  await insertSubscription(database.db, {
    userId,
    plan: "team",
    seats: 3,
    status: "past_due",
    stripeSubscriptionId: "sub_1",
    cancelsAtPeriodEnd: true,
    periodEnd,
  });
  const own = {
    plan: "team",
    seats: 3,
    isPastDue: true,
    setBy: "stripe",
    periodEndAt: periodEnd.getTime(),
    cancelsAtPeriodEnd: true,
  };
  expect(await view()).toMatchObject({ view: { plan: "team", own, given: null } });
  await insertSubscription(database.db, { userId, plan: "enterprise" });
  expect(await view()).toMatchObject({
    view: { plan: "enterprise", own: { plan: "enterprise", setBy: "operator" }, given: "enterprise" },
  });
});

test("a plan that comes from an organization is told apart from the payer's own", async () => {
  const { userId, view } = await viewer();
  const { id: organizationId } = await insertOrganization(database.db);
  await insertMember(database.db, { organizationId, userId });
  await insertSubscription(database.db, { organizationId, plan: "team" });
  expect(await view()).toMatchObject({
    view: { plan: "team", isFromOrganization: true, own: null, given: "team" },
  });
  await insertSubscription(database.db, { userId, plan: "pro" });
  expect(await view()).toMatchObject({
    view: { plan: "team", isFromOrganization: true, own: { plan: "pro" } },
  });
});

test("a block and a customer are shown; who does not pay may look and not manage; a stranger sees nothing", async () => {
  const { workspaceId, view } = await viewer();
  await database.db.update(payers).set({ blockedReason: "dispute" });
  expect(await view()).toMatchObject({ view: { blockedReason: "dispute", isCustomer: false } });
  const { id: colleague } = await insertUser(database.db);
  const seen = () => readBilling(database.sql, session(colleague), workspaceId);
  expect(await seen()).toEqual({ kind: "not_found" });
  await insertPermission(database.db, { userId: colleague, workspaceId, level: "admin" });
  expect(await seen()).toMatchObject({ view: { mayManage: false } });
});

test("nobody pays is no error", async () => {
  const { id: userId } = await insertUser(database.db);
  const { id: workspaceId } = await insertWorkspace(database.db, { userId, payerId: null });
  expect(await readBilling(database.sql, session(userId), workspaceId)).toEqual({ kind: "unpaid" });
});
