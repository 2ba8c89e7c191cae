import { disputeObject, invoiceObject } from "@gantry/billing/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openShop, type Shop } from "./testing.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

const blocked = (reason: string) => ({
  data: { httpStatus: 402, refusal: { code: "PAYER_BLOCKED", numbers: { reason } } },
});

describe("who bought a plan", () => {
  test("is judged by it at the next run, in Stripe's period, with the seats that were paid", async () => {
    const { judgedPlan, usage, billing, startedAt } = await shop.subscriber("team", 3);
    expect(await judgedPlan()).toBe("team");
    const period = { startAt: startedAt * 1_000, endAt: (startedAt + 30 * 86_400) * 1_000 };
    expect(await usage()).toMatchObject({ plan: "team", limitMicros: 90_000_000, period });
    expect(await billing()).toEqual({
      plan: "team",
      isFromOrganization: false,
      own: {
        plan: "team",
        seats: 3,
        isPastDue: false,
        setBy: "stripe",
        periodEndAt: period.endAt,
        cancelsAtPeriodEnd: false,
      },
      given: null,
      blockedReason: null,
      mayManage: true,
      isCustomer: true,
      sells: ["pro", "team"],
    });
  });

  test("before Stripe has told of it is still on the free plan", async () => {
    const { client, workspaceId, judgedPlan } = await shop.person();
    await client.billing.checkout.mutate({ workspaceId, plan: "pro", seats: 1 });
    expect(await judgedPlan()).toBe("free");
  });

  test("and cancels keeps the plan until the period ends, and sees when; then it is the free plan", async () => {
    const { judgedPlan, billing, change } = await shop.subscriber();
    await shop.tell("customer.subscription.updated", change({ cancel_at_period_end: true }));
    expect(await billing()).toMatchObject({ plan: "pro", own: { cancelsAtPeriodEnd: true } });
    expect(await judgedPlan()).toBe("pro");
    await shop.tell("customer.subscription.deleted", change({ status: "canceled" }));
    expect(await billing()).toMatchObject({ plan: "free", own: null });
    expect(await judgedPlan()).toBe("free");
  });

  test("changes it and manages it at Stripe", async () => {
    const { client, workspaceId } = await shop.subscriber();
    const changed = await client.billing.checkout.mutate({ workspaceId, plan: "team", seats: 2 });
    const managed = await client.billing.portal.mutate({ workspaceId });
    for (const { url } of [changed, managed]) expect(url).toMatch(/^https:\/\/billing\.stripe\.com\//);
    const returnUrl = `https://gantry.example/w/${workspaceId}/usage`;
    expect(shop.stripe.requests.at(-1)?.parameters["return_url"]).toBe(returnUrl);
  });

  test("and did not pay is refused at the next run once Stripe gives up, and runs again when it is paid", async () => {
    const { run, change, customer, billing } = await shop.subscriber();
    change({ status: "past_due" });
    await shop.tell("invoice.payment_failed", invoiceObject({ customer, status: "open" }));
    expect(await billing()).toMatchObject({ plan: "pro", own: { isPastDue: true }, blockedReason: null });
    expect(await run()).toMatchObject({ status: "completed" });
    await shop.tell("customer.subscription.updated", change({ status: "unpaid" }));
    await expect(run()).rejects.toMatchObject(blocked("payment_failed"));
    expect(await billing()).toMatchObject({ plan: "free", own: null, blockedReason: "payment_failed" });
    change({ status: "active" });
    await shop.tell("invoice.paid", invoiceObject({ customer, status: "paid" }));
    expect(await run()).toMatchObject({ status: "completed" });
  });

  test("and disputes the payment is refused at the next run, until the dispute is won", async () => {
    const { run, customer } = await shop.subscriber();
    const charge = { id: `ch_of_${customer}`, customer, disputed: true };
    const dispute = { id: `dp_of_${customer}`, charge: charge.id, status: "needs_response" };
    shop.stripe.account.charges.set(charge.id, charge);
    shop.stripe.account.disputes.set(dispute.id, dispute);
    await shop.tell("charge.dispute.created", disputeObject(dispute));
    await expect(run()).rejects.toMatchObject(blocked("dispute"));
    const won = { ...dispute, status: "won" };
    shop.stripe.account.disputes.set(dispute.id, won);
    await shop.tell("charge.dispute.closed", disputeObject(won));
    expect(await run()).toMatchObject({ status: "completed" });
  });
});
