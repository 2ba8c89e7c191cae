import {
  type CheckoutFields,
  checkoutObject,
  type FakeStripe,
  invoiceObject,
  type SubscriptionFields,
  signed,
  startFakeStripe,
  stripeEvent,
  subscriptionObject,
} from "@gantry/billing/testing";
import { openDatabase } from "@gantry/db";
import { signUp, startTestApi, type TestApi } from "../testing.ts";

export const secretKey = "sk_test_of_this_account";
export const webhookSecret = "whsec_of_this_endpoint";

/** Two processes of Gantry on one database, connected to a Stripe that knows the prices of pro and team; for tests. */
export async function openShop() {
  const stripe = await startFakeStripe();
  const environment = {
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_PRICES: "price_pro=pro, price_team=team",
    STRIPE_API_URL: stripe.url,
    PUBLIC_URL: "https://gantry.example",
  };
  const api = await startTestApi({ environment });
  const { url } = api.database;
  const openPool = async () => openDatabase({ url, poolMax: 5, applicationName: "gantry-other" });
  const other = await startTestApi({ environment, openPool });
  let events = 0;

  const shop = {
    stripe,
    api,
    other,
    post: (body: string, signature: string, to: TestApi = api): Promise<Response> =>
      fetch(`${to.baseUrl}/api/stripe/webhook`, {
        method: "POST",
        headers: { "content-type": "application/json; charset=utf-8", "stripe-signature": signature },
        body,
      }),
    newEvent(type: string, object: object): string {
      events += 1;
      return stripeEvent(`evt_${events}`, type, object);
    },
    /** Delivers an event as Stripe does, and wants it received. */
    async tell(type: string, object: object): Promise<void> {
      const { body, signature } = signed(shop.newEvent(type, object), webhookSecret);
      const response = await shop.post(body, signature);
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
    },
    person: () => person(api),
    subscriber: (plan: "pro" | "team" = "pro", seats = 1) => subscriber(shop, plan, seats),
    async [Symbol.asyncDispose]() {
      await other[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
      await stripe[Symbol.asyncDispose]();
    },
  };
  return shop;
}

export type Shop = Awaited<ReturnType<typeof openShop>>;

/** Signed in, with a workspace and a workflow in it. */
async function person(api: TestApi) {
  const client = api.client(await signUp(api));
  const workspaceId = (await client.workspace.list.query())[0]?.id ?? "";
  const { id: workflowId } = await client.workflow.create.mutate({ workspaceId, name: "Draft" });
  return {
    client,
    workspaceId,
    run: () => client.execution.run.mutate({ workflowId }),
    /** What the next run would be judged by. */
    judgedPlan: async () => {
      const { decision } = await client.execution.explain.query({ workflowId });
      return decision.find(({ gate }) => gate === "payer")?.numbers["plan"];
    },
    billing: () => client.billing.get.query({ workspaceId }),
    usage: () => client.usage.get.query({ workspaceId }),
  };
}

const daySeconds = 86_400;

interface Till {
  readonly stripe: FakeStripe;
  readonly api: TestApi;
  tell(type: string, object: object): Promise<void>;
}

/** Somebody who paid at the checkout, a day ago; Stripe has told of it. */
async function subscriber({ stripe, api, tell }: Till, plan: "pro" | "team", seats: number) {
  const someone = await person(api);
  const { workspaceId } = someone;
  await someone.client.billing.checkout.mutate({ workspaceId, plan, seats });
  const checkout = stripe.requests.findLast(
    ({ path, method }) => method === "POST" && path === "/v1/checkout/sessions",
  );
  const bought = checkout?.parameters ?? {};
  const customer = bought["customer"] ?? "";
  const startedAt = Math.floor(Date.now() / 1_000) - daySeconds;
  /** What Stripe knows from now on; nobody is told. */
  const change = (fields: Partial<SubscriptionFields>) => {
    const subscription: SubscriptionFields = {
      id: `sub_of_${customer}`,
      customer,
      price: bought["line_items[0][price]"] ?? "",
      quantity: Number(bought["line_items[0][quantity]"]),
      status: "active",
      created: startedAt,
      current_period_start: startedAt,
      current_period_end: startedAt + 30 * daySeconds,
      cancel_at_period_end: false,
      cancel_at: null,
      schedule: null,
      ...fields,
    };
    stripe.account.subscriptions.set(subscription.id, subscription);
    return subscriptionObject(subscription);
  };
  await tell("customer.subscription.created", change({}));
  const completed: CheckoutFields = { id: "cs_test_1", customer, status: "complete", url: null };
  await tell("checkout.session.completed", checkoutObject(completed));
  await tell("invoice.paid", invoiceObject({ customer, status: "paid" }));
  return { ...someone, customer, startedAt, change };
}
