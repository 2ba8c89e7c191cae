import { createHmac, timingSafeEqual } from "node:crypto";

export type VerifiedCookie = { readonly ok: true; readonly value: string } | { readonly ok: false };

/**
 * Checks a cookie as better-auth 1.7 writes it (`signCookieValue` of better-call 1.4):
 * `<value>.<base64 of HMAC-SHA256(value, secret)>`, URL-encoded as a whole. Takes the cookie's value as it stands in the
 * header, or already decoded: a session token and a base64 signature hold no "%", so decoding twice changes nothing.
 */
export function verifySignedCookie(cookie: string, secret: string): VerifiedCookie {
  const decoded = decode(cookie);
  if (decoded === null) return { ok: false };
  const dot = decoded.lastIndexOf(".");
  if (dot < 1) return { ok: false };

  const value = decoded.slice(0, dot);
  const expected = Buffer.from(createHmac("sha256", secret).update(value, "utf8").digest("base64"), "ascii");
  // Compared as text, so that only the canonical base64 of the signature passes.
  const given = Buffer.from(decoded.slice(dot + 1), "utf8");
  const genuine = given.length === expected.length && timingSafeEqual(given, expected);
  return genuine ? { ok: true, value } : { ok: false };
}

function decode(cookie: string): string | null {
  try {
    return decodeURIComponent(cookie);
  } catch {
    return null;
  }
}
