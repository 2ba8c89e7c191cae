import { type Refusal, retryAfter, type WrittenRefusal } from "../wire.ts";

/** OpenAI's error object. */
export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** A refusal as `{ error: { message, type, param, code } }`, as openai, groq-sdk, cerebras, vLLM and litellm read it. */
export function refuseOpenAi(refusal: Refusal): WrittenRefusal {
  const { status, error } = statusAndError(refusal);
  return {
    status,
    headers: "retryAfterSeconds" in refusal ? retryAfter(refusal.retryAfterSeconds) : {},
    body: { error },
  };
}

/** An error in the middle of a stream. `code`: the wire's own name for it. */
export function streamedError(code: string): OpenAiError {
  return {
    message: "The local model was asked to fail here.",
    type: code === "rate_limit_exceeded" ? "tokens" : "server_error",
    param: null,
    code,
  };
}

function statusAndError(refusal: Refusal): { readonly status: number; readonly error: OpenAiError } {
  switch (refusal.kind) {
    case "no_key":
      return {
        status: 401,
        error: invalid("You didn't provide an API key: send it as 'authorization: Bearer ...'."),
      };
    case "bad_key":
      return { status: 401, error: invalid("Incorrect API key provided.", "invalid_api_key") };
    case "too_large":
      return { status: 413, error: invalid("The request body is too large.") };
    case "not_json":
      return { status: 400, error: invalid("We could not parse the JSON body of your request.") };
    case "bad_request":
      return { status: 400, error: invalid(refusal.message) };
    case "unknown_model":
      return {
        status: 404,
        error: invalid(
          `The model '${refusal.model}' does not exist or you do not have access to it.`,
          "model_not_found",
        ),
      };
    case "not_found":
      return { status: 404, error: invalid(refusal.message) };
    case "internal":
      return { status: 500, error: { ...invalid(refusal.message), type: "server_error" } };
    case "overloaded":
      return {
        status: 503,
        error: {
          message: "The engine is currently overloaded, please try again later.",
          type: "server_error",
          param: null,
          code: "server_overloaded",
        },
      };
    case "asked":
      return { status: refusal.status, error: askedError(refusal) };
  }
}

function askedError({ status, type, message }: Extract<Refusal, { kind: "asked" }>): OpenAiError {
  // A quota that is used up has its own name in both places; waiting does not help then.
  if (type !== null) return { message, type, param: null, code: type };
  if (status === 401) return invalid(message, "invalid_api_key");
  if (status === 404) return invalid(message, "model_not_found");
  if (status === 429) return { message, type: "requests", param: null, code: "rate_limit_exceeded" };
  return status >= 500 ? { message, type: "server_error", param: null, code: null } : invalid(message);
}

function invalid(message: string, code: string | null = null): OpenAiError {
  return { message, type: "invalid_request_error", param: null, code };
}
