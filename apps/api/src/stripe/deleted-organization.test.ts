import { organizations } from "@gantry/db";
import { insertSubscription } from "@gantry/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signUp, startTestApi, type TestApi } from "../testing.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

/** An organization with this at Stripe; whether its owner can delete it. */
async function isDeletedWith(subscription: {
  status: string;
  cancelsAtPeriodEnd?: boolean;
}): Promise<boolean> {
  const headers = { ...(await signUp(api)), origin: api.baseUrl, "content-type": "application/json" };
  const post = (path: string, body: object) =>
    fetch(`${api.baseUrl}/api/auth/organization/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
  const slug = `acme-${subscription.status}-${subscription.cancelsAtPeriodEnd === true}`;
  const created = await post("create", { name: "Acme", slug });
  const { id: organizationId }: { id: string } = JSON.parse(await created.text());
  await insertSubscription(api.database.db, {
    organizationId,
    stripeSubscriptionId: `sub_${slug}`,
    ...subscription,
  });
  const { status } = await post("delete", { organizationId });
  const left = await api.database.db.select().from(organizations);
  const isGone = left.every(({ id }) => id !== organizationId);
  expect([status, isGone]).toEqual(isGone ? [200, true] : [409, false]);
  return isGone;
}

test.each([{ status: "active" }, { status: "past_due" }, { status: "unpaid" }, { status: "paused" }])(
  "an organization whose subscription at Stripe is $status is not deleted: it would pay on, and nobody could end it",
  async (subscription) => {
    expect(await isDeletedWith(subscription)).toBe(false);
  },
);

test.each([
  { status: "active", cancelsAtPeriodEnd: true },
  { status: "canceled" },
  { status: "incomplete_expired" },
])("one whose subscription is over or about to be ($status) is deleted", async (subscription) => {
  expect(await isDeletedWith(subscription)).toBe(true);
});
