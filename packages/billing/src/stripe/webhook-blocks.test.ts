import { payers } from "@gantry/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { disputeObject } from "../testing/index.ts";
import { openStripeWorld, type StripeWorld } from "../testing/stripe-world.ts";

let world: StripeWorld;
beforeAll(async () => {
  world = await openStripeWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

describe("a payment that fails", () => {
  test("leaves the plan while Stripe tries again, blocks once it gives up, and unblocks when it is paid", async () => {
    const { customer, userId, payerId } = await world.newCustomer();
    const { id } = world.subscribe(customer, { status: "past_due" });
    await world.tell(customer, "invoice.payment_failed");
    expect(await world.blockedReason(payerId)).toBeNull();
    world.subscribe(customer, { id, status: "unpaid" });
    await world.tell(customer, "customer.subscription.updated");
    expect(await world.blockedReason(payerId)).toBe("payment_failed");
    world.subscribe(customer, { id, status: "active" });
    await world.tell(customer, "invoice.paid");
    expect(await world.blockedReason(payerId)).toBeNull();
    expect(await world.mirrored(userId)).toMatchObject([{ status: "active" }]);
  });
});

describe("a dispute", () => {
  let deliveries = 0;
  /** Of a charge of its own. `isMarked`: whether the charge says that it is disputed. */
  async function dispute(
    id: string,
    customer: string | null,
    status: string,
    isMarked = true,
  ): Promise<void> {
    const charge = `ch_${id}`;
    world.stripe.account.charges.set(charge, { id: charge, customer, disputed: isMarked });
    world.stripe.account.disputes.set(id, { id, charge, status });
    const isClosed = ["won", "lost", "warning_closed", "prevented"].includes(status);
    const told = disputeObject({ id, charge, status: "needs_response" });
    deliveries += 1;
    const type = `charge.dispute.${isClosed ? "closed" : "created"}`;
    expect(await world.deliver(`evt_dispute_${deliveries}`, type, told)).toMatchObject({ kind: "received" });
  }

  test.each([
    ["won", null],
    ["warning_closed", null],
    ["prevented", null],
    ["lost", "dispute"],
  ])(
    "blocks when it opens, and when it is closed as %s the payer is blocked by: %s",
    async (status, reason) => {
      const { customer, payerId } = await world.newCustomer();
      await dispute(`dp_of_${customer}`, customer, "needs_response");
      expect(await world.blockedReason(payerId)).toBe("dispute");
      await dispute(`dp_of_${customer}`, customer, status);
      expect(await world.blockedReason(payerId)).toBe(reason);
    },
  );

  test("that is won frees nobody who has another one open", async () => {
    const { customer, payerId } = await world.newCustomer();
    for (const id of ["dp_1", "dp_2", "dp_3", "dp_4"]) await dispute(id, customer, "needs_response");
    for (const id of ["dp_1", "dp_2", "dp_3"]) {
      await dispute(id, customer, "won");
      expect(await world.blockedReason(payerId)).toBe("dispute");
    }
    await dispute("dp_4", customer, "won");
    expect(await world.blockedReason(payerId)).toBeNull();
  });

  test("that is only an inquiry, which does not mark its charge, blocks too", async () => {
    const { customer, payerId } = await world.newCustomer();
    await dispute("dp_inquiry", customer, "warning_needs_response", false);
    expect(await world.blockedReason(payerId)).toBe("dispute");
  });

  test("outweighs a payment that failed, which shows again when it is won", async () => {
    const { customer, payerId } = await world.newCustomer();
    const { id } = world.subscribe(customer, { status: "unpaid" });
    await world.tell(customer);
    await dispute("dp_outweighs", customer, "needs_response");
    expect(await world.blockedReason(payerId)).toBe("dispute");
    world.subscribe(customer, { id, status: "active" });
    await world.tell(customer, "invoice.paid");
    expect(await world.blockedReason(payerId)).toBe("dispute");
    world.subscribe(customer, { id, status: "unpaid" });
    await dispute("dp_outweighs", customer, "won");
    expect(await world.blockedReason(payerId)).toBe("payment_failed");
  });

  test("that was lost and forgiven by an operator is not held against the payer again by a renewal", async () => {
    const { customer, payerId } = await world.newCustomer();
    await dispute("dp_forgiven", customer, "lost");
    await world.database.db.update(payers).set({ blockedReason: null });
    await world.tell(customer, "invoice.paid");
    expect(await world.blockedReason(payerId)).toBeNull();
  });

  test("of a charge of nobody blocks nobody", async () => {
    const { payerId } = await world.newCustomer();
    await dispute("dp_of_nobody", null, "needs_response");
    expect(await world.blockedReason(payerId)).toBeNull();
  });
});
