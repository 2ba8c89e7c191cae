/**
 * Null unless `text` is the one canonical base64url text of its bytes. Node's own decoder skips foreign characters and
 * spare bits, which would let two different texts stand for the same envelope.
 */
export function decodeBase64url(text: string | undefined): Buffer | null {
  if (text === undefined) return null;
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : null;
}
