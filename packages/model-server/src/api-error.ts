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

/** An answer in the Messages API's error envelope. */
export interface ApiError {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  /** Sent as `retry-after`; null sends no such header. */
  readonly retryAfterSeconds: number | null;
}

export function apiError(status: number, message: string, retryAfterSeconds: number | null = null): ApiError {
  const fallback = status >= 500 ? "api_error" : "invalid_request_error";
  return { status, type: typeByStatus[status] ?? fallback, message, retryAfterSeconds };
}

export function errorEnvelope(error: Pick<ApiError, "type" | "message">, requestId: string) {
  return {
    type: "error",
    error: { type: error.type, message: error.message },
    request_id: requestId,
  };
}
