import { z } from "zod";
import type { SdkFailure } from "../adapter.ts";
import { retryAfterMs } from "../failures.ts";
import type { ProviderErrorCode } from "../port.ts";

const codeByName: Readonly<Record<string, ProviderErrorCode>> = {
  ValidationException: "INVALID_REQUEST",
  SerializationException: "INVALID_REQUEST",
  ConflictException: "INVALID_REQUEST",
  EndpointError: "INVALID_REQUEST",
  AccessDeniedException: "AUTHENTICATION_FAILED",
  UnrecognizedClientException: "AUTHENTICATION_FAILED",
  InvalidSignatureException: "AUTHENTICATION_FAILED",
  IncompleteSignatureException: "AUTHENTICATION_FAILED",
  MissingAuthenticationTokenException: "AUTHENTICATION_FAILED",
  ExpiredTokenException: "AUTHENTICATION_FAILED",
  // The default chain found nobody to be.
  CredentialsProviderError: "AUTHENTICATION_FAILED",
  TokenProviderError: "AUTHENTICATION_FAILED",
  ResourceNotFoundException: "MODEL_NOT_FOUND",
  ThrottlingException: "RATE_LIMITED",
  ServiceQuotaExceededException: "RATE_LIMITED",
  ServiceUnavailableException: "OVERLOADED",
  ModelNotReadyException: "OVERLOADED",
  InternalServerException: "SERVER_ERROR",
  ModelErrorException: "SERVER_ERROR",
  ModelStreamErrorException: "SERVER_ERROR",
  NotAnEventStream: "SERVER_ERROR",
  // The model worked for too long, and that is billed.
  ModelTimeoutException: "TIMED_OUT",
};

const codeByStatus: Readonly<Record<number, ProviderErrorCode>> = {
  401: "AUTHENTICATION_FAILED",
  403: "AUTHENTICATION_FAILED",
  404: "MODEL_NOT_FOUND",
  408: "TIMED_OUT",
  424: "SERVER_ERROR",
  429: "RATE_LIMITED",
  503: "OVERLOADED",
  529: "OVERLOADED",
};

const answered = z.object({
  $metadata: z.object({ httpStatusCode: z.number() }),
  $response: z.object({ headers: z.record(z.string(), z.string()) }).optional(),
});

/** What an error of the AWS SDK means: by the exception's name, which is all that one within a stream has, else by the status. */
export function readAwsFailure(error: unknown, now: () => number): SdkFailure | null {
  if (!(error instanceof Error)) return null;
  const answer = answered.safeParse(error).data;
  const status = answer?.$metadata.httpStatusCode ?? null;
  const code = codeOf(error, status);
  if (code === null) return null;
  return {
    code,
    said: saidBy(error),
    retryAfterMs: retryAfterMs(answer?.$response?.headers["retry-after"], now),
  };
}

/** The SDK has words of its own for a body that is no exception of AWS's. */
function saidBy({ name, message }: Error): string | null {
  const ofTheSdk = name === "SyntaxError" || name === "NotAnEventStream" || message === "UnknownError";
  return ofTheSdk || message === "" ? null : message;
}

function codeOf(error: Error, status: number | null): ProviderErrorCode | null {
  // A foreign model id is a fault of validation like any other, except for its words.
  if (error.name === "ValidationException" && /model identifier is invalid/i.test(error.message)) {
    return "MODEL_NOT_FOUND";
  }
  const byStatus = status === null ? undefined : codeByStatus[status];
  // An overload has a status of its own, whatever it is called.
  if (byStatus === "OVERLOADED") return byStatus;
  // An exception within a stream is named like its member of the union, which begins with a small letter.
  const byName = codeByName[error.name.charAt(0).toUpperCase() + error.name.slice(1)];
  if (byName !== undefined) return byName;
  if (status === null || status < 400) return null;
  return byStatus ?? (status < 500 ? "INVALID_REQUEST" : "SERVER_ERROR");
}
