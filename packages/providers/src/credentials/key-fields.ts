import { z } from "zod";
import { isRegion } from "./region.ts";

const printable = (what: string, { min, max }: { readonly min: number; readonly max: number }) =>
  z
    .string(`${what} is missing`)
    .trim()
    .min(min, `${what} must have at least ${min} characters`)
    .max(max, `${what} must have at most ${max} characters`)
    // It travels in a header.
    .regex(/^[\x21-\x7e]*$/, `${what} must be printable ASCII without spaces`);

/** The key of a service that makes its keys itself. */
export const apiKey = printable("The API key", { min: 8, max: 1_000 });

/** The key of a server that somebody runs for themselves: `sk-1234` is litellm's own example. Below 4 nothing is redacted. */
export const ownServerKey = printable("The API key", { min: 4, max: 1_000 });

/** Of any length that AWS issues; a session token is the long one. */
export const awsSecret = printable("The secret access key", { min: 16, max: 256 });
export const awsSessionToken = printable("The session token", { min: 16, max: 8_192 });
export const awsAccessKeyId = z
  .string("The access key id is missing")
  .trim()
  .regex(/^\w{16,128}$/, "The access key id must be 16 to 128 letters and digits");

export const region = z
  .string("The region is missing")
  .trim()
  .refine(isRegion, "The region must be one of AWS, such as us-east-1");

/**
 * Where requests go: their paths are put behind it. As the URL parser understands it, without a final slash, so that what is checked
 * here is what is asked later. Whether the address may be reached is judged at every call.
 */
export const baseUrl = z
  .string("The base URL is missing")
  .trim()
  .max(2_000, "The base URL must have at most 2000 characters")
  .superRefine((text, context) => {
    for (const problem of problemsOfBaseUrl(text)) context.addIssue(problem);
  })
  .transform((text) => new URL(text).href.replace(/\/+$/, ""));

function problemsOfBaseUrl(text: string): string[] {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    return ["The base URL must be a URL that starts with https:// or http://"];
  }
  const url = new URL(text);
  return [
    ...(url.username !== "" || url.password !== ""
      ? ["The base URL must not hold a user name or password"]
      : []),
    ...(text.includes("?") ? ["The base URL must not have a query"] : []),
    ...(text.includes("#") ? ["The base URL must not have a fragment"] : []),
  ];
}

/** As `anthropic-version` is written. */
export const apiVersion = z
  .string()
  .trim()
  .regex(/^\d{4}-\d{2}-\d{2}(-[a-z]{1,20})?$/, "The API version must be a date, such as 2023-06-01");

export const betas = z
  .array(
    z
      .string()
      .trim()
      .regex(
        /^[a-z0-9][a-z0-9.-]{0,99}$/,
        "Every beta feature must be lower-case letters, digits, dots and hyphens, such as context-1m-2025-08-07",
      ),
  )
  .min(1, "Leave the beta features out when there is none")
  .max(20, "There must be at most 20 beta features");
