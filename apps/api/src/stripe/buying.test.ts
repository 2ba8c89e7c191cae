import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signUp, startTestApi } from "../testing.ts";
import { openShop, type Shop } from "./testing.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop[Symbol.asyncDispose]());

describe("buying", () => {
  test("is not for an API key, nor in somebody else's workspace", async () => {
    const { client, workspaceId } = await shop.person();
    const { secret } = await client.apiKey.create.mutate({ workspaceId, name: "Key" });
    const wanted = { workspaceId, plan: "pro", seats: 1 } as const;
    await expect(
      shop.api.client({ "x-api-key": secret }).billing.checkout.mutate(wanted),
    ).rejects.toMatchObject({
      data: { httpStatus: 403 },
    });
    const { client: stranger } = await shop.person();
    for (const call of [
      () => stranger.billing.checkout.mutate(wanted),
      () => stranger.billing.portal.mutate({ workspaceId }),
      () => stranger.billing.get.query({ workspaceId }),
    ]) {
      await expect(call()).rejects.toMatchObject({ data: { httpStatus: 404 } });
    }
  });

  test("answers 503 while Stripe does not answer", async () => {
    const { client, workspaceId } = await shop.person();
    shop.stripe.failWith(500);
    const asked = client.billing.checkout.mutate({ workspaceId, plan: "pro", seats: 1 });
    await expect(asked).rejects.toMatchObject({
      message: "Stripe does not answer right now. Try again in a moment.",
      data: { httpStatus: 503 },
    });
    shop.stripe.failWith(null);
  });

  test("nothing yet, there is nothing to manage", async () => {
    const { client, workspaceId } = await shop.person();
    await expect(client.billing.portal.mutate({ workspaceId })).rejects.toMatchObject({
      data: { httpStatus: 400 },
    });
  });
});

describe("where Stripe is not connected", () => {
  test("an operator sets plans: nothing is sold, both calls say so, and no event is taken", async () => {
    await using api = await startTestApi();
    const client = api.client(await signUp(api));
    const workspaceId = (await client.workspace.list.query())[0]?.id ?? "";
    expect(await client.billing.get.query({ workspaceId })).toMatchObject({ plan: "free", sells: null });
    const notConnected = {
      message: "Billing is not connected to Stripe: an operator sets plans.",
      data: { httpStatus: 412 },
    };
    const wanted = { workspaceId, plan: "pro", seats: 1 } as const;
    await expect(client.billing.checkout.mutate(wanted)).rejects.toMatchObject(notConnected);
    await expect(client.billing.portal.mutate({ workspaceId })).rejects.toMatchObject(notConnected);
    const event = await fetch(`${api.baseUrl}/api/stripe/webhook`, { method: "POST", body: "{}" });
    expect(event.status).toBe(404);
  });
});
