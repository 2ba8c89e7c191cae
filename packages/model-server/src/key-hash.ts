import { createHash } from "node:crypto";

/** How a key is told apart without being told: its SHA-256, in hex. */
export function keyHash(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
