/** Where an OpenAI credential leads, and in which of the two wires that place is spoken to. */
export interface OpenAiAddress {
  /** As the SDK wants it: paths are put behind it. */
  readonly baseUrl: string;
  readonly wire: "responses" | "chat";
}

/**
 * OpenAI itself is asked over the Responses API, every other address over chat completions, which is all that compatible
 * servers have in common. An address that ends in `/responses` or `/chat/completions`, as Azure shows them, names its wire.
 */
export function openaiAddress(given = "https://api.openai.com/v1"): OpenAiAddress {
  const [, baseUrl, path] = /^(.*?)\/(responses|chat\/completions)\/?$/.exec(given) ?? [];
  if (baseUrl !== undefined) return { baseUrl, wire: path === "responses" ? "responses" : "chat" };
  return { baseUrl: given, wire: isOpenAi(given) ? "responses" : "chat" };
}

/** The address for customers of a region is `eu.api.openai.com`. */
function isOpenAi(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === "api.openai.com" || hostname.endsWith(".api.openai.com");
}
