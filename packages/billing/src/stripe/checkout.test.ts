import { payers } from "@gantry/db";
import {
  insertMember,
  insertOrganization,
  insertPayer,
  insertPermission,
  insertSubscription,
  insertTenant,
  insertUser,
  insertWorkspace,
  type Tenant,
} from "@gantry/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStripeWorld, type StripeWorld } from "../testing/stripe-world.ts";
import type { Principal } from "./payer-access.ts";

let world: StripeWorld;
beforeAll(async () => {
  world = await openStripeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

const session = (userId: string): Principal => ({ userId, apiKeyId: null, workspaceId: null });

async function tenantWithSession(): Promise<Tenant & { readonly principal: Principal }> {
  const tenant = await insertTenant(world.database.db);
  return { ...tenant, principal: session(tenant.userId) };
}

async function customerOf(payerId: string): Promise<string> {
  const rows = await world.database.db.select().from(payers);
  return rows.find(({ id }) => id === payerId)?.stripeCustomerId ?? "none";
}

function lastRequest(path: string) {
  return world.stripe.requests.findLast((request) => request.method === "POST" && request.path === path);
}

const pro = (workspaceId: string) => ({ workspaceId, plan: "pro", seats: 1 }) as const;
const team = (workspaceId: string, seats: number) => ({ workspaceId, plan: "team", seats }) as const;

describe("a checkout", () => {
  test("sells the plan's first price to a customer who carries the payer, and comes back to the usage page", async () => {
    const { principal, workspaceId, payerId, userId } = await tenantWithSession();
    const result = await world.billing.createCheckout(principal, team(workspaceId, 4));
    const customer = await customerOf(payerId);
    expect(result).toEqual({
      kind: "ok",
      url: expect.stringContaining("https://checkout.stripe.com/"),
    });
    expect(lastRequest("/v1/customers")).toMatchObject({
      authorization: "Bearer sk_test_1",
      parameters: { name: "Ada", email: `${userId}@example.com`, "metadata[gantry_payer]": payerId },
    });
    const returnUrl = `https://gantry.example/w/${workspaceId}/usage`;
    expect(lastRequest("/v1/checkout/sessions")?.parameters).toEqual({
      mode: "subscription",
      customer,
      "line_items[0][price]": "price_team",
      "line_items[0][quantity]": "4",
      success_url: returnUrl,
      cancel_url: returnUrl,
    });
  });

  test("of pro is for one, however many seats are asked for", async () => {
    const { principal, workspaceId } = await tenantWithSession();
    await world.billing.createCheckout(principal, { workspaceId, plan: "pro", seats: 9 });
    expect(lastRequest("/v1/checkout/sessions")?.parameters).toMatchObject({
      "line_items[0][price]": "price_pro",
      "line_items[0][quantity]": "1",
    });
  });

  test("closes those that are still open, and is always for the payer's one customer", async () => {
    const { principal, workspaceId, payerId } = await tenantWithSession();
    await Promise.all([1, 2, 3].map(() => world.billing.createCheckout(principal, pro(workspaceId))));
    const customer = await customerOf(payerId);
    await world.billing.createCheckout(principal, team(workspaceId, 2));
    const sessions = [...world.stripe.account.checkouts.values()].filter(
      (each) => each.customer === customer,
    );
    expect(sessions.map(({ status }) => status)).toEqual(["expired", "expired", "expired", "open"]);
  });

  test("takes a new customer where the old one was deleted at Stripe", async () => {
    const { principal, workspaceId, payerId } = await tenantWithSession();
    await world.billing.createCheckout(principal, pro(workspaceId));
    const before = await customerOf(payerId);
    world.stripe.account.customers.delete(before);
    expect(await world.billing.createCheckout(principal, pro(workspaceId))).toMatchObject({ kind: "ok" });
    expect(await customerOf(payerId)).not.toBe(before);
    expect(lastRequest("/v1/checkout/sessions")?.parameters["customer"]).toBe(await customerOf(payerId));
  });

  test("is not there for a plan without a price", async () => {
    const { principal, workspaceId } = await tenantWithSession();
    const billing = world.withPrices(new Map([["price_pro", "pro"]]));
    expect(billing.plansSold).toEqual(["pro"]);
    expect(await billing.createCheckout(principal, team(workspaceId, 2))).toEqual({ kind: "not_sold" });
  });
});

describe("whoever has a plan without buying it", () => {
  test.each([
    ["an operator", "pro", { pro: "covered", team: "ok" }],
    ["an operator", "team", { pro: "covered", team: "covered" }],
    ["an organization", "pro", { pro: "covered", team: "ok" }],
    ["an organization", "enterprise", { pro: "covered", team: "covered" }],
  ] as const)("from %s: %s, is sold only what is more", async (from, plan, outcomes) => {
    const { principal, workspaceId, userId } = await tenantWithSession();
    if (from === "an operator") await insertSubscription(world.database.db, { userId, plan });
    else {
      const { id: organizationId } = await insertOrganization(world.database.db);
      await insertMember(world.database.db, { organizationId, userId });
      await insertSubscription(world.database.db, {
        organizationId,
        plan,
        stripeSubscriptionId: `sub_${userId}`,
      });
    }
    expect({
      pro: (await world.billing.createCheckout(principal, pro(workspaceId))).kind,
      team: (await world.billing.createCheckout(principal, team(workspaceId, 2))).kind,
    }).toEqual(outcomes);
  });

  test("is not told so because of the plan that was bought", async () => {
    const { principal, workspaceId, userId } = await tenantWithSession();
    await insertSubscription(world.database.db, { userId, plan: "team", stripeSubscriptionId: "sub_own" });
    expect(await world.billing.createCheckout(principal, pro(workspaceId))).toMatchObject({ kind: "ok" });
  });
});

describe("whoever has a subscription", () => {
  async function subscriber(fields: Parameters<StripeWorld["subscribe"]>[1] = {}) {
    const tenant = await tenantWithSession();
    await world.billing.createCheckout(tenant.principal, pro(tenant.workspaceId));
    const subscription = world.subscribe(await customerOf(tenant.payerId), fields);
    return { ...tenant, subscription };
  }

  test("confirms the change of it and buys no second one, also before Gantry has heard of the first", async () => {
    const { principal, workspaceId, payerId, subscription } = await subscriber();
    const opened = world.stripe.account.checkouts.size;
    const result = await world.billing.createCheckout(principal, team(workspaceId, 3));
    expect(result).toEqual({ kind: "ok", url: expect.stringContaining("https://billing.stripe.com/") });
    expect(world.stripe.account.checkouts.size).toBe(opened);
    const returnUrl = `https://gantry.example/w/${workspaceId}/usage`;
    expect(lastRequest("/v1/billing_portal/sessions")?.parameters).toEqual({
      customer: await customerOf(payerId),
      return_url: returnUrl,
      "flow_data[type]": "subscription_update_confirm",
      "flow_data[subscription_update_confirm][subscription]": subscription.id,
      "flow_data[subscription_update_confirm][items][0][id]": `si_${subscription.id}`,
      "flow_data[subscription_update_confirm][items][0][price]": "price_team",
      "flow_data[subscription_update_confirm][items][0][quantity]": "3",
      "flow_data[after_completion][type]": "redirect",
      "flow_data[after_completion][redirect][return_url]": returnUrl,
    });
  });

  test.each([
    { what: "that is this plan already", fields: {} },
    { what: "that is past due", fields: { status: "past_due", price: "price_team", quantity: 2 } },
    { what: "that is unpaid", fields: { status: "unpaid", price: "price_team", quantity: 2 } },
    { what: "that is going to end", fields: { cancel_at_period_end: true, price: "price_team" } },
    { what: "whose change is scheduled", fields: { schedule: "sub_sched_1", price: "price_team" } },
  ])("$what, is sent to the start of the portal", async ({ fields }) => {
    const { principal, workspaceId, payerId } = await subscriber(fields);
    expect(await world.billing.createCheckout(principal, pro(workspaceId))).toMatchObject({ kind: "ok" });
    expect(lastRequest("/v1/billing_portal/sessions")?.parameters).toEqual({
      customer: await customerOf(payerId),
      return_url: `https://gantry.example/w/${workspaceId}/usage`,
    });
  });

  test.each([
    { what: "that has ended", fields: { status: "canceled" } },
    { what: "whose first payment never came", fields: { status: "incomplete_expired" } },
    { what: "for something else", fields: { price: "price_shirt" } },
  ])("$what, buys a new one", async ({ fields }) => {
    const { principal, workspaceId } = await subscriber(fields);
    const result = await world.billing.createCheckout(principal, pro(workspaceId));
    expect(result).toMatchObject({ url: expect.stringContaining("https://checkout.stripe.com/") });
  });
});

describe("the portal", () => {
  test("opens for a customer, and for nobody else", async () => {
    const { principal, workspaceId, payerId } = await tenantWithSession();
    const open = () => world.billing.createPortal(principal, workspaceId);
    expect(await open()).toEqual({ kind: "no_customer" });
    await world.billing.createCheckout(principal, pro(workspaceId));
    expect(await open()).toEqual({ kind: "ok", url: expect.stringContaining("https://billing.stripe.com/") });
    world.stripe.account.customers.delete(await customerOf(payerId));
    expect(await open()).toEqual({ kind: "no_customer" });
  });
});

describe("who may", () => {
  async function ask(principal: Principal, workspaceId: string): Promise<string[]> {
    const checkout = await world.billing.createCheckout(principal, pro(workspaceId));
    const portal = await world.billing.createPortal(principal, workspaceId);
    return [checkout.kind, portal.kind];
  }

  test("the user who pays; not who else works there, no API key, and a stranger sees nothing", async () => {
    const { db } = world.database;
    const { principal, workspaceId, userId, apiKeyId } = await tenantWithSession();
    expect(await ask(principal, workspaceId)).toEqual(["ok", "ok"]);
    const { id: colleague } = await insertUser(db);
    expect(await ask(session(colleague), workspaceId)).toEqual(["not_found", "not_found"]);
    await insertPermission(db, { userId: colleague, workspaceId, level: "admin" });
    expect(await ask(session(colleague), workspaceId)).toEqual(["forbidden", "forbidden"]);
    expect(await ask({ userId, apiKeyId, workspaceId }, workspaceId)).toEqual(["forbidden", "forbidden"]);
    const elsewhere = { userId, apiKeyId, workspaceId: "another" };
    expect(await ask(elsewhere, workspaceId)).toEqual(["not_found", "not_found"]);
  });

  test.each([
    ["owner", "ok"],
    ["member, admin", "ok"],
    ["member", "forbidden"],
    [null, "forbidden"],
  ])("with the role %s in the paying organization: %s", async (role, kind) => {
    const { db } = world.database;
    const { id: userId } = await insertUser(db);
    const { id: organizationId } = await insertOrganization(db);
    const { id: payerId } = await insertPayer(db, { organizationId });
    const { id: workspaceId } = await insertWorkspace(db, { userId, payerId });
    if (role !== null) await insertMember(db, { organizationId, userId, role });
    expect(await ask(session(userId), workspaceId)).toEqual([kind, kind]);
  });

  test("an organization is a customer by its name; where its invoices go is asked at the checkout", async () => {
    const { db } = world.database;
    const { id: userId } = await insertUser(db);
    const { id: organizationId } = await insertOrganization(db);
    const { id: payerId } = await insertPayer(db, { organizationId });
    const { id: workspaceId } = await insertWorkspace(db, { userId, payerId });
    await insertMember(db, { organizationId, userId, role: "owner" });
    await world.billing.createCheckout(session(userId), pro(workspaceId));
    expect(lastRequest("/v1/customers")?.parameters).toEqual({
      name: "Acme",
      "metadata[gantry_payer]": payerId,
    });
  });

  test("nobody, where nobody pays", async () => {
    const { id: userId } = await insertUser(world.database.db);
    const { id: workspaceId } = await insertWorkspace(world.database.db, { userId, payerId: null });
    expect(await ask(session(userId), workspaceId)).toEqual(["not_found", "not_found"]);
  });
});

describe("while Stripe does not answer", () => {
  test("both say so", async () => {
    const { principal, workspaceId } = await tenantWithSession();
    await world.billing.createCheckout(principal, pro(workspaceId));
    world.stripe.failWith(500);
    const unavailable = { kind: "stripe_unavailable" };
    expect(await world.billing.createCheckout(principal, pro(workspaceId))).toEqual(unavailable);
    expect(await world.billing.createPortal(principal, workspaceId)).toEqual(unavailable);
    world.stripe.failWith(null);
  });
});
