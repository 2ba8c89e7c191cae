import { invoiceObject, signed } from "@gantry/billing/testing";
import { stripeEvents } from "@gantry/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openShop, type Shop, secretKey, webhookSecret } from "./testing.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

describe("an event", () => {
  async function isKept(body: string): Promise<boolean> {
    const { id }: { id: string } = JSON.parse(body);
    const rows = await shop.api.database.db.select().from(stripeEvents);
    return rows.some((row) => row.id === id);
  }

  test.each([
    { what: "forged", secret: "whsec_forged", ageMs: 0 },
    { what: "stale", secret: webhookSecret, ageMs: 400_000 },
  ])("that is $what answers 400, and nothing is written", async ({ secret, ageMs }) => {
    const { change, judgedPlan } = await shop.subscriber();
    const told = change({ price: "price_team", quantity: 9 });
    const { body, signature } = signed(
      shop.newEvent("customer.subscription.updated", told),
      secret,
      Date.now() - ageMs,
    );
    const response = await shop.post(body, signature);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { code: "BAD_SIGNATURE" } },
    ]);
    expect(await isKept(body)).toBe(false);
    expect(await judgedPlan()).toBe("pro");
  });

  test("without a signature or a body answers 400, one that is too large 413", async () => {
    const bare = await fetch(`${shop.api.baseUrl}/api/stripe/webhook`, { method: "POST" });
    expect(bare.status).toBe(400);
    const large = await shop.post("x".repeat(1_000_001), "t=1,v1=1");
    expect([large.status, await large.json()]).toMatchObject([413, { error: { code: "PAYLOAD_TOO_LARGE" } }]);
  });

  test("of a kind or about a customer that we do not know is received and kept", async () => {
    const unknown = [
      shop.newEvent("product.updated", { id: "prod_1", object: "product" }),
      shop.newEvent("invoice.paid", invoiceObject({ customer: "cus_of_somebody_else", status: "paid" })),
    ];
    for (const each of unknown) {
      const { body, signature } = signed(each, webhookSecret);
      expect((await shop.post(body, signature)).status).toBe(200);
      expect(await isKept(body)).toBe(true);
    }
  });

  test("that reaches two processes at once is applied by one, and both have received it", async () => {
    const { change, usage } = await shop.subscriber();
    const told = change({ price: "price_team", quantity: 2 });
    const { body, signature } = signed(shop.newEvent("customer.subscription.updated", told), webhookSecret);
    const responses = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((n) => shop.post(body, signature, n % 2 === 0 ? shop.api : shop.other)),
    );
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    const { id }: { id: string } = JSON.parse(body);
    const lines = [...shop.api.logLines, ...shop.other.logLines].filter((line) => line.includes(`"${id}"`));
    expect(lines.filter((line) => line.includes('"applied"'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('"duplicate"'))).toHaveLength(5);
    expect(await usage()).toMatchObject({ plan: "team", limitMicros: 60_000_000 });
  });

  test("that one process is slow to apply does not undo what another has applied meanwhile", async () => {
    const { change, judgedPlan } = await shop.subscriber();
    const updated = signed(
      shop.newEvent("customer.subscription.updated", change({ price: "price_team" })),
      webhookSecret,
    );
    const hold = shop.stripe.holdNext("/v1/subscriptions");
    const slow = shop.post(updated.body, updated.signature);
    await hold.reached;
    const told = change({ status: "canceled" });
    const deleted = signed(shop.newEvent("customer.subscription.deleted", told), webhookSecret);
    expect((await shop.post(deleted.body, deleted.signature, shop.other)).status).toBe(200);
    hold.release();
    expect((await slow).status).toBe(200);
    expect(await judgedPlan()).toBe("free");
  });

  test("answers 503 while Stripe cannot be asked, and is applied when it comes again", async () => {
    const { change, judgedPlan } = await shop.subscriber();
    const told = change({ price: "price_team" });
    const { body, signature } = signed(shop.newEvent("customer.subscription.updated", told), webhookSecret);
    shop.stripe.failWith(500);
    const response = await shop.post(body, signature);
    shop.stripe.failWith(null);
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await isKept(body)).toBe(false);
    expect((await shop.post(body, signature)).status).toBe(200);
    expect(await judgedPlan()).toBe("team");
  });

  test("leaves nothing in the log but its id, its kind and what became of it", async () => {
    await shop.subscriber();
    const log = shop.api.logLines.join("");
    expect(log).toContain("an event of Stripe");
    for (const secret of [webhookSecret, secretKey, "ada@example.com"]) {
      expect(log).not.toContain(secret);
    }
  });
});
