import { z } from "zod";
import type { SdkFailure } from "../adapter.ts";
import type { ProviderErrorCode } from "../port.ts";

const words = z.string().nullish().catch(null);
const errorObject = z.object({
  message: words,
  /** vLLM puts the status here. */
  code: z.union([z.string(), z.number()]).nullish().catch(null),
  type: words,
  /** FastAPI's, which many servers are made with. */
  detail: words,
});

/** An error as these servers tell it: `{ error: { message, type, code } }`, the inner object alone, or a text. */
export interface ToldError {
  readonly message: string | null;
  /** Its names, the more exact one first. */
  readonly names: readonly string[];
  /** Of HTTP, where the body repeats it. */
  readonly status: number | null;
}

export function toldError(body: unknown): ToldError {
  if (typeof body === "string") return { message: body, names: [], status: null };
  if (typeof body === "object" && body !== null && "error" in body) return toldError(body.error);
  const parsed = errorObject.safeParse(body);
  if (!parsed.success) return { message: null, names: [], status: null };
  const { message, detail, code, type } = parsed.data;
  return {
    message: message ?? detail ?? null,
    names: [code, type].filter((name) => typeof name === "string"),
    status: typeof code === "number" ? code : null,
  };
}

/** An error that came as an event, after the provider had begun to answer. */
export class StreamedError extends Error {
  override readonly name = "StreamedError";
  readonly told: ToldError;

  constructor(body: unknown) {
    const told = toldError(body);
    super(told.message ?? "The stream holds an error without words.");
    this.told = told;
  }
}

const codeByName: Readonly<Record<string, ProviderErrorCode>> = {
  invalid_api_key: "AUTHENTICATION_FAILED",
  wrong_api_key: "AUTHENTICATION_FAILED",
  authentication_error: "AUTHENTICATION_FAILED",
  permission_error: "AUTHENTICATION_FAILED",
  // Comes with status 429, but waiting does not fill the account.
  insufficient_quota: "AUTHENTICATION_FAILED",
  billing_hard_limit_reached: "AUTHENTICATION_FAILED",
  model_not_found: "MODEL_NOT_FOUND",
  rate_limit_exceeded: "RATE_LIMITED",
  server_overloaded: "OVERLOADED",
  context_length_exceeded: "INVALID_REQUEST",
};

const codeByStatus: Readonly<Record<number, ProviderErrorCode>> = {
  401: "AUTHENTICATION_FAILED",
  402: "AUTHENTICATION_FAILED",
  403: "AUTHENTICATION_FAILED",
  404: "MODEL_NOT_FOUND",
  429: "RATE_LIMITED",
  // Groq's, when a tier has no room.
  498: "OVERLOADED",
  503: "OVERLOADED",
  529: "OVERLOADED",
};

/** `status`: of the response, null for an error in a stream. `retryAfter`: what its headers say, in milliseconds. */
export function failureOfTold(told: ToldError, status: number | null, retryAfter: number | null): SdkFailure {
  return {
    code: codeOf(told, status),
    said: told.message,
    retryAfterMs: retryAfter ?? (told.message === null ? null : waitAskedFor(told.message)),
  };
}

function codeOf({ names, status: repeated }: ToldError, status: number | null): ProviderErrorCode {
  const named = names.map((name) => codeByName[name]).find((code) => code !== undefined);
  const told = status ?? repeated;
  const byStatus = told === null ? undefined : codeByStatus[told];
  const known = named ?? byStatus;
  if (known !== undefined) return known;
  // `invalid_request_error` comes with a wrong key and an unknown model as well, so names like it come last.
  const blamed = told === null ? names.some((name) => blaming.test(name)) : told < 500;
  return blamed ? "INVALID_REQUEST" : "SERVER_ERROR";
}

/** Names of what is wrong with a request: `invalid_prompt`, `image_too_large`, `unsupported_image_media_type`. */
const blaming = /^(invalid|image|unsupported)_/;

const msByUnit: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** "Please try again in 1m2.5s": OpenAI and Groq say it where a header is lacking, such as in a stream. */
function waitAskedFor(message: string): number | null {
  const [, asked] = /try again in ((?:\d+(?:\.\d+)?(?:ms|s|m|h))+)/.exec(message) ?? [];
  if (asked === undefined) return null;
  const parts = asked.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g);
  const ms = [...parts].reduce((sum, [, count, unit = ""]) => sum + Number(count) * (msByUnit[unit] ?? 0), 0);
  return Math.ceil(ms);
}
