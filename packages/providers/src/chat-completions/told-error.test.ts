import { describe, expect, test } from "vitest";
import { failureOfTold, StreamedError, toldError } from "./told-error.ts";

function read(status: number | null, body: unknown) {
  const { code, said, retryAfterMs } = failureOfTold(toldError(body), status, null);
  return [code, said, retryAfterMs];
}

describe("an error of a server that speaks chat completions", () => {
  test.each([
    [
      "OpenAI",
      404,
      { error: { message: "No.", type: "invalid_request_error", code: "model_not_found" } },
      "MODEL_NOT_FOUND",
    ],
    [
      "OpenAI, used up",
      429,
      { error: { message: "No.", code: "insufficient_quota" } },
      "AUTHENTICATION_FAILED",
    ],
    [
      "OpenAI, too much",
      429,
      { error: { message: "No.", type: "tokens", code: "rate_limit_exceeded" } },
      "RATE_LIMITED",
    ],
    [
      "OpenAI, overloaded",
      503,
      { error: { message: "No.", type: "server_error", code: null } },
      "OVERLOADED",
    ],
    ["OpenAI, an image", null, { message: "No.", code: "image_too_large" }, "INVALID_REQUEST"],
    [
      "Cerebras",
      401,
      { message: "No.", type: "invalid_request_error", param: "api_key", code: "wrong_api_key" },
      "AUTHENTICATION_FAILED",
    ],
    ["Groq, full", 498, { error: { message: "No.", type: "internal_server_error" } }, "OVERLOADED"],
    ["vLLM", 400, { object: "error", message: "No.", type: "BadRequestError", code: 400 }, "INVALID_REQUEST"],
    [
      "vLLM, in a stream",
      null,
      { error: { message: "No.", type: "NotFoundError", code: 404 } },
      "MODEL_NOT_FOUND",
    ],
    ["OpenRouter, in a stream", null, { error: { message: "No.", code: 429 } }, "RATE_LIMITED"],
    ["FastAPI", 422, { detail: "No." }, "INVALID_REQUEST"],
    ["a gateway", 502, "No.", "SERVER_ERROR"],
    ["a wrong address", 404, { error: "No." }, "MODEL_NOT_FOUND"],
  ])("of %s, status %s, means the right thing and keeps its words", (_who, status, body, code) => {
    expect(read(status, body)).toEqual([code, "No.", null]);
  });

  test("without any words still has a meaning", () => {
    for (const body of [null, {}, [], { error: null }, { error: { message: 7 } }]) {
      expect(read(500, body)).toEqual(["SERVER_ERROR", null, null]);
    }
    expect(new StreamedError({}).message).not.toBe("");
  });

  test.each([
    ["Please try again in 20s.", 20_000],
    ["Please try again in 1m2.5s. Visit our pages", 62_500],
    ["try again in 480ms", 480],
    ["Please try again in 1h0m3s", 3_603_000],
    ["Please try again in a while", null],
  ])("%j asks for a wait of %s ms where no header does", (message, ms) => {
    expect(failureOfTold(toldError(message), 429, null).retryAfterMs).toBe(ms);
    expect(failureOfTold(toldError(message), 429, 7_000).retryAfterMs).toBe(7_000);
  });
});
