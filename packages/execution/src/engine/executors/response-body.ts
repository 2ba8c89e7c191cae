/**
 * The body as the block's output carries it: parsed when `content-type` says JSON, else its text in the charset that
 * `content-type` names, UTF-8 by default. Text that only claims to be JSON stays text; an empty JSON body is null.
 */
export function responseBody(contentType: string | undefined, bytes: Uint8Array): unknown {
  const [mediaType = "", ...parameters] = (contentType ?? "").split(";");
  const text = decode(bytes, parameters);
  if (!/^\s*[\w.+-]+\/([\w.+-]+\+)?json\s*$/i.test(mediaType)) return text;
  if (text.trim() === "") return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    return text;
  }
}

function decode(bytes: Uint8Array, parameters: readonly string[]): string {
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([\w.:-]+)"?\s*$/i.exec(parameter)?.[1])
    .find((name) => name !== undefined);
  try {
    return new TextDecoder(charset ?? "utf-8").decode(bytes);
  } catch {
    return new TextDecoder("utf-8").decode(bytes);
  }
}
