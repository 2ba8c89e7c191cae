import type { JsonValue } from "@gantry/workflow";
import { engineLimits } from "./limits.ts";
import type { Redaction } from "./redaction.ts";
import { sealJson } from "./seal-json.ts";

/**
 * What `block.started` carries of a block's input: all of it, or `{ truncated: true, bytes, preview }` when its JSON text
 * is longer than 64 KB. `preview` is the beginning of that text.
 */
export function eventInput(input: unknown, redaction: Redaction): JsonValue {
  const { eventInputBytesMax, eventPreviewChars, jsonDepthMax } = engineLimits;
  const sealed = sealJson(input, { charsMax: eventInputBytesMax, depthMax: jsonDepthMax });
  if (sealed.ok) {
    const redacted = redaction.value(sealed.value);
    if (Buffer.byteLength(JSON.stringify(redacted)) <= eventInputBytesMax) return redacted;
  }
  if (!sealed.ok && sealed.reason !== "too_large")
    return Object.freeze({ truncated: true, bytes: 0, preview: "" });
  const text = redaction.text(JSON.stringify(input));
  return Object.freeze({
    truncated: true,
    bytes: Buffer.byteLength(text),
    preview: text.slice(0, eventPreviewChars).replace(/[\uD800-\uDBFF]$/, ""),
  });
}
