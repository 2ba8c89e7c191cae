import {
  type Ask,
  type Attachment,
  base64Bytes,
  type JsonSchema,
  joinTurns,
  type Tool,
  type ToolChoice,
  type Turn,
} from "../answer/ask.ts";
import type { GeminiContent, GeminiPart, GeminiRequest } from "./gemini-request.ts";
import { jsonSchemaOf } from "./openapi-schema.ts";

export function askOfGemini(
  request: GeminiRequest,
  target: { readonly model: string; readonly stream: boolean },
): Ask {
  const config = request.generationConfig;
  const functions = (request.tools ?? []).flatMap((tool) => tool.functionDeclarations);
  const allowed = request.toolConfig?.functionCallingConfig?.allowedFunctionNames;
  return {
    ...target,
    instructions: (request.systemInstruction?.parts ?? []).map((part) => part.text).join("\n"),
    turns: joinTurns(request.contents.flatMap(turnsOf)),
    tools: functions
      .filter((offered) => allowed === undefined || allowed.includes(offered.name))
      .map(
        (offered): Tool => ({
          name: offered.name,
          inputSchema: offered.parametersJsonSchema ?? schemaOf(offered.parameters) ?? { type: "object" },
        }),
      ),
    toolChoice: toolChoiceOf(request),
    parallelTools: true,
    outputSchema: config?.responseJsonSchema ?? schemaOf(config?.responseSchema) ?? jsonModeSchema(request),
    maxTokens: config?.maxOutputTokens ?? null,
  };
}

/** What the real API refuses although every field by itself is well formed; null: nothing. */
export function geminiProblem(request: GeminiRequest, model: string): string | null {
  const config = request.generationConfig;
  const json = config?.responseMimeType === "application/json";
  if (config?.responseSchema !== undefined && config.responseJsonSchema !== undefined)
    return "Only one of response_schema and response_json_schema may be set.";
  if ((config?.responseSchema ?? config?.responseJsonSchema) !== undefined && !json)
    return "A response schema needs the response mime type 'application/json'.";
  if (json && request.tools !== undefined && !signsCalls(model))
    return "Function calling with a response mime type: 'application/json' is unsupported";
  return signsCalls(model) ? unsignedCall(request) : null;
}

/** From version 3 on models sign their function calls, and want the signatures back; they also give every call an id. */
export function signsCalls(model: string): boolean {
  return Number(/^gemini-(\d+)/.exec(model)?.[1] ?? 0) >= 3;
}

/** Of parallel calls only the first one has a signature. */
function unsignedCall(request: GeminiRequest): string | null {
  for (const [index, { role, parts }] of request.contents.entries()) {
    const first = parts.find((part) => part.functionCall !== undefined);
    if (role === "model" && first?.functionCall !== undefined && first.thoughtSignature === undefined) {
      return `Function call is missing a thought_signature in functionCall parts. Additional data, function call '${first.functionCall.name}', position ${index + 1}.`;
    }
  }
  return null;
}

function schemaOf(schema: JsonSchema | undefined): JsonSchema | null {
  return schema === undefined ? null : jsonSchemaOf(schema);
}

function jsonModeSchema(request: GeminiRequest): JsonSchema | null {
  return request.generationConfig?.responseMimeType === "application/json" ? { type: "object" } : null;
}

function toolChoiceOf(request: GeminiRequest): ToolChoice {
  const mode = request.toolConfig?.functionCallingConfig?.mode;
  return { kind: mode === "ANY" ? "any" : mode === "NONE" ? "none" : "auto" };
}

/** A user's content may hold results and text: they become two turns. */
function turnsOf({ role, parts }: GeminiContent): Turn[] {
  const text = parts.flatMap((part) => (part.thought === true ? [] : (part.text ?? []))).join("\n");
  if (role === "model") {
    const calls = parts.flatMap((part) => part.functionCall ?? []);
    return [{ role: "assistant", text, callIds: pairingIds(calls) }];
  }
  const responses = parts.flatMap((part) => part.functionResponse ?? []);
  const ids = pairingIds(responses);
  const results = responses.map(({ response }, index) => ({
    callId: ids[index] ?? "",
    text: resultText(response),
  }));
  const attachments = parts.flatMap(attachmentsOf);
  const user: Turn[] =
    text === "" && attachments.length === 0 && results.length > 0
      ? []
      : [{ role: "user", text, attachments }];
  return results.length === 0 ? user : [{ role: "tools", results }, ...user];
}

/** Older models give no ids: calls and results then belong together by name, and by their order within it. */
function pairingIds(named: readonly { readonly id?: string | undefined; readonly name: string }[]): string[] {
  return named.map(({ id, name }, index) => {
    const before = named.slice(0, index).filter((other) => other.name === name).length;
    return id ?? `${name}#${before}`;
  });
}

function resultText(response: JsonSchema): string {
  const said = response.output ?? response.result;
  return typeof said === "string" ? said : JSON.stringify(response);
}

function attachmentsOf(part: GeminiPart): Attachment[] {
  if (part.inlineData !== undefined)
    return [{ mediaType: part.inlineData.mimeType, bytes: base64Bytes(part.inlineData.data) }];
  return part.fileData === undefined ? [] : [{ mediaType: part.fileData.mimeType ?? "a file", bytes: null }];
}
