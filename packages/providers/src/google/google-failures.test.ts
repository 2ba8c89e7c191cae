import { ApiError } from "@google/genai/web";
import { describe, expect, test } from "vitest";
import { readGoogleFailure } from "./google-failures.ts";
import { UnusableAnswer } from "./unusable-answer.ts";

function refused(status: number, body: unknown) {
  return readGoogleFailure(new ApiError({ status, message: JSON.stringify(body) }));
}

describe("a refusal", () => {
  test.each(["API_KEY_INVALID", "API_KEY_SERVICE_BLOCKED"])(
    "for %s is the key's fault, though its status is 400",
    (reason) => {
      const error = {
        code: 400,
        message: "API key not valid.",
        status: "INVALID_ARGUMENT",
        details: [{ reason }],
      };
      expect(refused(400, { error })).toEqual({
        code: "AUTHENTICATION_FAILED",
        said: "API key not valid.",
        retryAfterMs: null,
      });
    },
  );

  test("says when to come back among its details", () => {
    const details = [
      { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [{ quotaId: "PerDay" }] },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "38.2501s" },
    ];
    const error = { code: 429, message: "Quota exceeded.", status: "RESOURCE_EXHAUSTED", details };
    expect(refused(429, { error })).toMatchObject({ code: "RATE_LIMITED", retryAfterMs: 38_251 });
  });

  test("that came within a stream is read behind the SDK's own words", () => {
    const body = '{"error":{"code":503,"message":"Overloaded.","status":"UNAVAILABLE"}}';
    const error = new ApiError({ status: 503, message: `got status: UNAVAILABLE. ${body}` });
    expect(readGoogleFailure(error)).toMatchObject({ code: "OVERLOADED", said: "Overloaded." });
  });

  test("in a list is read too", () => {
    const error = { code: 404, message: "No such model.", status: "NOT_FOUND" };
    expect(refused(404, [{ error }])).toMatchObject({ code: "MODEL_NOT_FOUND", said: "No such model." });
  });

  test.each([
    [502, "SERVER_ERROR"],
    [503, "OVERLOADED"],
    [429, "RATE_LIMITED"],
    [413, "INVALID_REQUEST"],
  ])("of something in between, without a body of Google's, is told by its status %i", (status, code) => {
    expect(readGoogleFailure(new ApiError({ status, message: "<html>" }))).toMatchObject({
      code,
      said: null,
    });
  });
});

test("an unusable answer is the provider's failure", () => {
  expect(readGoogleFailure(new UnusableAnswer("Malformed call."))).toMatchObject({
    code: "SERVER_ERROR",
    said: "Malformed call.",
  });
});

test("what is not of the SDK is left to others", () => {
  expect(readGoogleFailure(new TypeError("fetch failed"))).toBeNull();
});
