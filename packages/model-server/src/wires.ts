import { azureWire } from "./anthropic/azure-wire.ts";
import { messagesWire } from "./anthropic/messages-wire.ts";
import { converseWire } from "./bedrock/converse-wire.ts";
import { geminiWire } from "./gemini/gemini-wire.ts";
import { chatWire } from "./openai/chat-wire.ts";
import { responsesWire } from "./openai/responses-wire.ts";
import type { Wire } from "./wire.ts";

interface Route {
  readonly path: RegExp;
  readonly wire: (named: { readonly model: string; readonly operation: string }) => Wire;
}

/** Everything the server answers, by the path of a POST. */
const routes: readonly Route[] = [
  { path: /^\/v1\/messages$/, wire: () => messagesWire },
  { path: /^\/anthropic\/v1\/messages$/, wire: () => azureWire },
  { path: /^\/v1\/chat\/completions$/, wire: () => chatWire({ groq: false }) },
  { path: /^\/openai\/v1\/chat\/completions$/, wire: () => chatWire({ groq: true }) },
  { path: /^\/v1\/responses$/, wire: () => responsesWire },
  {
    path: /^\/model\/(?<model>[^/]+)\/(?<operation>converse|converse-stream)$/,
    wire: ({ model, operation }) => converseWire({ modelId: model, stream: operation === "converse-stream" }),
  },
  {
    path: /^\/v1beta\/models\/(?<model>[^/:]+):(?<operation>generateContent|streamGenerateContent)$/,
    wire: ({ model, operation }) => geminiWire({ model, stream: operation === "streamGenerateContent" }),
  },
];

/** The wire that a request speaks; null: none that the server knows. */
export function wireOf(method: string, path: string): Wire | null {
  if (method !== "POST") return null;
  for (const route of routes) {
    const match = route.path.exec(path);
    if (match === null) continue;
    const { model = "", operation = "" } = match.groups ?? {};
    return route.wire({ model: decoded(model), operation });
  }
  return null;
}

/** Ids on Bedrock hold colons and slashes, which come encoded. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
