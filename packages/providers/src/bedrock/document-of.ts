import type { ToolSpecification } from "@aws-sdk/client-bedrock-runtime";
import type { JsonObject } from "../json.ts";

/** What the SDK calls a document: JSON, and nothing else. */
export type JsonDocument = NonNullable<NonNullable<ToolSpecification["inputSchema"]>["json"]>;

export function documentOf(value: JsonObject): JsonDocument {
  const copy: JsonDocument = JSON.parse(JSON.stringify(value));
  return copy;
}
