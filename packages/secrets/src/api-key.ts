import { createHash } from "node:crypto";

export interface NewApiKey {
  /** Shown once, stored nowhere: `gty_` and 32 random bytes in base64url. */
  readonly secret: string;
  /** What is stored and looked up. */
  readonly hash: string;
  /** What a list may show, e.g. `gty_...x9Qk`: the last 4 of 43 characters. */
  readonly hint: string;
}

const PREFIX = "gty_";
const SHAPE = /^gty_[A-Za-z0-9_-]{43}$/;

export function createApiKey(randomBytes: (size: number) => Buffer): NewApiKey {
  const secret = `${PREFIX}${randomBytes(32).toString("base64url")}`;
  return { secret, hash: hashApiKey(secret), hint: `${PREFIX}...${secret.slice(-4)}` };
}

/** SHA-256 in hex. Not slow on purpose: 256 random bits cannot be guessed, and every request pays for this hash. */
export function hashApiKey(secret: string): string {
  return createHash("sha256").update(secret, "utf8").digest("hex");
}

/** Whether a lookup is worth making; says nothing about whether the key exists. */
export function looksLikeApiKey(text: string): boolean {
  return SHAPE.test(text);
}
