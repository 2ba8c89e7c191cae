import { signed, stripeEvent } from "@gantry/billing/testing";
import { type Database, openDatabase } from "@gantry/db";
import { startTcpProxy, type TcpProxy } from "@gantry/db/testing";
import { describe, expect, test } from "vitest";
import { startTestApi } from "../testing.ts";

describe("while the database is away", () => {
  test("an event answers 503 and is received when it comes again", async () => {
    let proxy: TcpProxy | undefined;
    await using api = await startTestApi({
      environment: {
        STRIPE_SECRET_KEY: "sk_test_1",
        STRIPE_WEBHOOK_SECRET: "whsec_1",
        STRIPE_PRICES: "price_pro=pro",
        STRIPE_API_URL: "http://127.0.0.1:9",
      },
      openPool: async (database): Promise<Database> => {
        const url = new URL(database.url);
        proxy = await startTcpProxy({ target: { host: url.hostname, port: Number(url.port) } });
        url.port = String(proxy.port);
        return openDatabase({ url: url.href, poolMax: 5, applicationName: "gantry-stripe-outage" });
      },
    });
    const { body, signature } = signed(stripeEvent("evt_1", "product.updated", { id: "prod_1" }), "whsec_1");
    const post = () =>
      fetch(`${api.baseUrl}/api/stripe/webhook`, {
        method: "POST",
        headers: { "content-type": "application/json", "stripe-signature": signature },
        body,
      });
    await proxy?.cut();
    const response = await post();
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await response.text()).not.toMatch(/127\.0\.0\.1|ECONN|CONNECTION_|select/i);
    await proxy?.restore();
    await expect.poll(async () => (await post()).status, { timeout: 30_000 }).toBe(200);
    await proxy?.close();
  });
});
