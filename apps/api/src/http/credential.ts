import type { Credential } from "@gantry/execution";
import { hashApiKey, verifySignedCookie } from "@gantry/secrets";
import type { FastifyRequest } from "fastify";

export interface CookieTrust {
  /** Name of the session cookie. */
  readonly name: string;
  /** What its signature was made with. */
  readonly secret: string;
}

/**
 * What a request proves itself with. An API key wins over a cookie: it was sent on purpose. Whether the key or the
 * session exists is for preflight to say, in the same statement as everything else; better-auth is not asked.
 */
export function credentialOf(request: FastifyRequest, cookie: CookieTrust): Credential {
  const apiKey = apiKeyCredential(request);
  if (apiKey.kind === "api_key") return apiKey;
  const value = readCookie(request.headers.cookie, cookie.name);
  if (value === null) return { kind: "none" };
  const verified = verifySignedCookie(value, cookie.secret);
  return verified.ok ? { kind: "session", token: verified.value } : { kind: "none" };
}

/** For REST, which knows no cookies. */
export function apiKeyCredential(request: FastifyRequest): Credential {
  const header = request.headers["x-api-key"];
  // Anything that is no key is looked up all the same, and not found: it must not fall back to the cookie.
  return header === undefined ? { kind: "none" } : { kind: "api_key", hash: hashApiKey(String(header)) };
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of (header ?? "").split(";")) {
    const equals = pair.indexOf("=");
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return null;
}
