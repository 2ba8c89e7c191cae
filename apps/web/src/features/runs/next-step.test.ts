import { expect, test } from "vitest";
import { nextStep } from "./next-step.ts";

test("a failure that may pass says so, and one that will not does not", () => {
  expect(nextStep({ code: "PROVIDER_FAILED", retryable: true })?.text).toMatch(/later/);
  expect(nextStep({ code: "PROVIDER_FAILED", retryable: false })).toBeNull();
});

test("what is missing leads to where it is set", () => {
  for (const code of ["PROVIDER_KEY_MISSING", "ENVIRONMENT_VALUE_MISSING", "MODEL_UNPRICED"] as const) {
    expect(nextStep({ code, retryable: false })?.page).toBe("environment");
  }
  expect(nextStep({ code: "CODE_THREW", retryable: false })).toBeNull();
});
