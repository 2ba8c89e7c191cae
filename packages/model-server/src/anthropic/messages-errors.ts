import { type Refusal, retryAfter, type WrittenRefusal } from "../wire.ts";

const typeByStatus: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  500: "api_error",
  529: "overloaded_error",
};

/** A refusal in the Messages API's error envelope. */
export function refuseMessages(refusal: Refusal, requestId: string): WrittenRefusal {
  const { status, message } = statusAndMessage(refusal);
  const asked = refusal.kind === "asked" ? refusal.type : null;
  return {
    status,
    headers: "retryAfterSeconds" in refusal ? retryAfter(refusal.retryAfterSeconds) : {},
    body: errorEnvelope({ type: asked ?? typeOf(status), message }, requestId),
  };
}

export function errorEnvelope(error: { readonly type: string; readonly message: string }, requestId: string) {
  return { type: "error", error: { type: error.type, message: error.message }, request_id: requestId };
}

function statusAndMessage(refusal: Refusal): { readonly status: number; readonly message: string } {
  switch (refusal.kind) {
    case "no_key":
      return {
        status: 401,
        message: "An API key is required: send it as 'authorization: Bearer ...' or 'x-api-key'.",
      };
    case "bad_key":
      return { status: 401, message: "invalid x-api-key" };
    case "too_large":
      return { status: 413, message: "Request exceeds the maximum size" };
    case "not_json":
      return { status: 400, message: "The request body is not valid JSON" };
    case "bad_request":
      return { status: 400, message: refusal.message };
    case "unknown_model":
      return { status: 404, message: `model: ${refusal.model}` };
    case "not_found":
      return { status: 404, message: refusal.message };
    case "internal":
      return { status: 500, message: refusal.message };
    case "overloaded":
      return { status: 529, message: "Overloaded" };
    case "asked":
      return { status: refusal.status, message: refusal.message };
  }
}

function typeOf(status: number): string {
  return typeByStatus[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
}
