import { describe, expect, test } from "vitest";
import { parseEnv } from "../env.ts";

const stripe = {
  STRIPE_SECRET_KEY: "sk_live_hunter2 ",
  STRIPE_WEBHOOK_SECRET: "whsec_hunter3",
  STRIPE_PRICES: "price_1=pro, price_2 = team ,price_3=enterprise,price_4=pro,",
};

function problemsOf(source: Record<string, string>): readonly string[] {
  const parsed = parseEnv(source);
  return parsed.ok ? [] : parsed.problems;
}

describe("what connects Stripe", () => {
  test("is off when nothing is set, and whole when it is", () => {
    expect(parseEnv({})).toMatchObject({ env: { stripe: null } });
    expect(parseEnv(stripe)).toMatchObject({
      env: { stripe: { secretKey: "sk_live_hunter2", webhookSecret: "whsec_hunter3", apiUrl: null } },
    });
  });

  test("the prices keep their order, so that the first of a plan is the one that is sold", () => {
    const parsed = parseEnv(stripe);
    expect(parsed.ok && [...(parsed.env.stripe?.prices ?? [])]).toEqual([
      ["price_1", "pro"],
      ["price_2", "team"],
      ["price_3", "enterprise"],
      ["price_4", "pro"],
    ]);
  });

  test("a key alone names everything that is missing; in production also where people come back to", () => {
    const missing = ["STRIPE_WEBHOOK_SECRET", "STRIPE_PRICES"].map(
      (name) => `${name} must be set with STRIPE_SECRET_KEY.`,
    );
    expect(problemsOf({ STRIPE_SECRET_KEY: "sk_1" })).toEqual(missing);
    const inProduction = problemsOf({ ...stripe, NODE_ENV: "production" });
    expect(inProduction).toContain("PUBLIC_URL must be set with STRIPE_SECRET_KEY.");
    expect(problemsOf({ ...stripe, STRIPE_PRICES: "," })).toHaveLength(1);
  });

  test.each(["price_1", "price_1=gold", "=pro", "price_1=pro=team", "price_1=pro,price_1=team"])(
    "a list of prices such as %s is refused, and no secret is repeated",
    (list) => {
      const problems = problemsOf({ ...stripe, STRIPE_PRICES: list });
      expect(problems).toEqual(["STRIPE_PRICES must be such as price_1=pro,price_2=team, each price once."]);
    },
  );

  test("another API is an address without a path", () => {
    expect(problemsOf({ ...stripe, STRIPE_API_URL: "http://127.0.0.1:12111" })).toEqual([]);
    for (const url of ["127.0.0.1:12111", "ftp://host", "http://host/v1"]) {
      expect(problemsOf({ ...stripe, STRIPE_API_URL: url })).toEqual([
        "STRIPE_API_URL must be a URL without a path that starts with http:// or https://.",
      ]);
    }
  });
});
