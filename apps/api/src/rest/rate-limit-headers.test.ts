import { describe, expect, test } from "vitest";
import { rateLimitHeaders } from "./rate-limit-headers.ts";

const bucket = { counter: "sync", capacity: 100, perMinute: 50 } as const;

describe("RateLimit headers", () => {
  test("the policy is the capacity and the time in which it refills", () => {
    expect(rateLimitHeaders({ ...bucket, remaining: 99 })["ratelimit-policy"]).toBe('"sync";q=100;w=120');
  });

  test("the state tells when the bucket is full again, or when there is a token again", () => {
    const state = (remaining: number) => rateLimitHeaders({ ...bucket, remaining })["ratelimit"];
    expect(state(99)).toBe('"sync";r=99;t=2');
    expect(state(100)).toBe('"sync";r=100;t=0');
    expect(state(0)).toBe('"sync";r=0;t=2');
  });

  test("nothing is told where no bucket was asked", () => {
    expect(rateLimitHeaders(null)).toEqual({});
  });
});
