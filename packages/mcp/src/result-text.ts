import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/sdk/types.js";

/** A model reads it in every further round. */
const bytesMax = 200_000;

/** What a tool answered as one text, cut as `cutText` does. */
export function resultText({ content, structuredContent }: CallToolResult): string {
  const parts = content.map(partText);
  // By the protocol its text is in `content` as well; some servers send it alone.
  if (parts.length === 0 && structuredContent !== undefined) parts.push(JSON.stringify(structuredContent));
  return cutText(parts.join("\n"));
}

function partText(part: ContentBlock): string {
  switch (part.type) {
    case "text":
      return part.text;
    case "image":
    case "audio":
      return `[${part.type}, ${part.mimeType}]`;
    case "resource_link":
      return `[link to ${part.uri}]`;
    case "resource":
      return "text" in part.resource ? part.resource.text : `[resource ${part.resource.uri}]`;
  }
}

/** At most 200 KB of UTF-8, and a line that says so where it was cut. */
export function cutText(text: string): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= bytesMax) return text;
  // As a stream: a character that is not whole at the end is left out.
  const kept = new TextDecoder().decode(bytes.subarray(0, bytesMax), { stream: true });
  return `${kept}\n[cut: ${bytesMax} of ${bytes.length} bytes are shown]`;
}
