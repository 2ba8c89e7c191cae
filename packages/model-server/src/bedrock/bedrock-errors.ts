import { type Refusal, retryAfter, type WrittenRefusal } from "../wire.ts";

const exceptionByStatus: Readonly<Record<number, string>> = {
  400: "ValidationException",
  401: "UnrecognizedClientException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  408: "ModelTimeoutException",
  424: "ModelErrorException",
  429: "ThrottlingException",
  500: "InternalServerException",
  503: "ServiceUnavailableException",
};

/** A refusal as AWS's REST JSON services write it: the exception's name in `x-amzn-errortype`, the sentence in the body. */
export function refuseBedrock(refusal: Refusal): WrittenRefusal {
  const { status, exception, message } = statusAndException(refusal);
  return {
    status,
    headers: {
      "x-amzn-errortype": exception,
      ...("retryAfterSeconds" in refusal ? retryAfter(refusal.retryAfterSeconds) : {}),
    },
    body: { message },
  };
}

interface Exception {
  readonly status: number;
  readonly exception: string;
  readonly message: string;
}

function statusAndException(refusal: Refusal): Exception {
  switch (refusal.kind) {
    case "no_key":
      return {
        status: 403,
        exception: "MissingAuthenticationTokenException",
        message: "Missing Authentication Token",
      };
    case "bad_key":
      return {
        status: 403,
        exception: "UnrecognizedClientException",
        message: "The security token included in the request is invalid.",
      };
    case "too_large":
      return named(413, "Request exceeds the maximum size");
    case "not_json":
      return { status: 400, exception: "SerializationException", message: "The body is not valid JSON." };
    case "bad_request":
      return named(400, refusal.message);
    case "unknown_model":
      return named(404, `Could not resolve the foundation model from the model identifier: ${refusal.model}`);
    case "not_found":
      return { status: 404, exception: "UnknownOperationException", message: refusal.message };
    case "internal":
      return named(500, refusal.message);
    case "overloaded":
      return named(503, "The service isn't currently available. Try again later.");
    case "asked":
      return {
        ...named(refusal.status, refusal.message),
        ...(refusal.type === null ? {} : { exception: refusal.type }),
      };
  }
}

function named(status: number, message: string): Exception {
  const fallback = status >= 500 ? "InternalServerException" : "ValidationException";
  return { status, exception: exceptionByStatus[status] ?? fallback, message };
}
