import { recorded } from "./recorded.ts";
import {
  type ChargeFields,
  type CheckoutFields,
  chargeObject,
  checkoutObject,
  type DisputeFields,
  disputeObject,
  type SubscriptionFields,
  subscriptionObject,
} from "./stripe-objects.ts";

export interface StripeRequest {
  readonly method: string;
  readonly path: string;
  /** Of the address or of the form, with Stripe's brackets in their names. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly authorization: string;
}

/** What Stripe knows about one account, by id. */
export interface FakeAccount {
  /** A customer that is missing here was deleted, or never made. */
  readonly customers: Map<
    string,
    { readonly id: string; readonly name: string; readonly email: string | null }
  >;
  readonly subscriptions: Map<string, SubscriptionFields>;
  readonly charges: Map<string, ChargeFields>;
  readonly disputes: Map<string, DisputeFields>;
  readonly checkouts: Map<string, CheckoutFields>;
  /** How many ids were given out: none is given twice. */
  ids: number;
}

export function newFakeAccount(): FakeAccount {
  return {
    customers: new Map(),
    subscriptions: new Map(),
    charges: new Map(),
    disputes: new Map(),
    checkouts: new Map(),
    ids: 0,
  };
}

export interface FakeAnswer {
  readonly status: number;
  readonly body: object;
}

export function answer(account: FakeAccount, request: StripeRequest): FakeAnswer {
  const { parameters } = request;
  const [, , resource, ...rest] = request.path.split("/");
  const known = parameters["customer"] === undefined || account.customers.has(parameters["customer"]);
  if (!known) return noSuchCustomer(parameters["customer"]);
  switch (
    `${request.method} ${[resource, ...rest.map((part) => (part.includes("_") ? ":id" : part))].join("/")}`
  ) {
    case "POST customers":
      return makeCustomer(account, parameters);
    case "GET subscriptions":
      return list(
        account.subscriptions,
        request,
        subscriptionObject,
        ({ customer, status }) =>
          customer === parameters["customer"] && (parameters["status"] === "all" || status !== "canceled"),
      );
    case "GET charges":
      return list(
        account.charges,
        request,
        chargeObject,
        ({ customer }) => customer === parameters["customer"],
      );
    case "GET charges/:id":
      return one(account.charges.get(rest[0] ?? ""), chargeObject);
    case "GET disputes":
      return list(account.disputes, request, disputeObject, ({ charge }) => charge === parameters["charge"]);
    case "GET disputes/:id":
      return one(account.disputes.get(rest[0] ?? ""), disputeObject);
    case "GET checkout/sessions":
      return list(
        account.checkouts,
        request,
        checkoutObject,
        ({ customer, status }) => customer === parameters["customer"] && status === parameters["status"],
      );
    case "POST checkout/sessions":
      return openCheckout(account, parameters);
    case "POST checkout/sessions/:id/expire":
      return expire(account, rest[1] ?? "");
    case "POST billing_portal/sessions":
      return { status: 200, body: { ...recorded.portalSession, customer: parameters["customer"] } };
    default:
      return {
        status: 404,
        body: { error: { type: "invalid_request_error", message: "Unrecognized request URL." } },
      };
  }
}

/** Pages are short, so that whoever reads only the first is found out. */
const pageMax = 2;

function list<T extends { readonly id: string }>(
  objects: ReadonlyMap<string, T>,
  { path, parameters }: StripeRequest,
  toJson: (fields: T) => object,
  isAskedFor: (fields: T) => boolean,
): FakeAnswer {
  const found = [...objects.values()].filter(isAskedFor);
  const from = found.findIndex(({ id }) => id === parameters["starting_after"]) + 1;
  const data = found.slice(from, from + pageMax).map(toJson);
  return { status: 200, body: { object: "list", data, has_more: found.length > from + pageMax, url: path } };
}

function one<T>(fields: T | undefined, toJson: (fields: T) => object): FakeAnswer {
  if (fields !== undefined) return { status: 200, body: toJson(fields) };
  return missing("id", "No such object.");
}

function makeCustomer(account: FakeAccount, parameters: StripeRequest["parameters"]): FakeAnswer {
  account.ids += 1;
  const id = `cus_fake${account.ids}`;
  const fields = { id, name: parameters["name"] ?? "", email: parameters["email"] ?? null };
  account.customers.set(id, fields);
  return { status: 200, body: { ...recorded.customer, ...fields } };
}

function openCheckout(account: FakeAccount, parameters: StripeRequest["parameters"]): FakeAnswer {
  account.ids += 1;
  const id = `cs_test_fake${account.ids}`;
  const url = `https://checkout.stripe.com/c/pay/${id}`;
  const fields: CheckoutFields = { id, customer: parameters["customer"] ?? "", status: "open", url };
  account.checkouts.set(id, fields);
  return { status: 200, body: checkoutObject(fields) };
}

function expire({ checkouts }: FakeAccount, id: string): FakeAnswer {
  const session = checkouts.get(id);
  if (session?.status !== "open") {
    const message = 'Only Checkout Sessions with a status in ["open"] can be expired.';
    return { status: 400, body: { error: { type: "invalid_request_error", message } } };
  }
  const expired: CheckoutFields = { ...session, status: "expired", url: null };
  checkouts.set(id, expired);
  return { status: 200, body: checkoutObject(expired) };
}

function noSuchCustomer(id: string | undefined): FakeAnswer {
  return missing("customer", `No such customer: '${id}'`);
}

function missing(param: string, message: string): FakeAnswer {
  return {
    status: 404,
    body: { error: { type: "invalid_request_error", code: "resource_missing", param, message } },
  };
}
