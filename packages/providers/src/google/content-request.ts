import {
  FunctionCallingConfigMode,
  type GenerateContentConfig,
  type GenerateContentParameters,
} from "@google/genai/web";
import { InvalidRequest } from "../adapter.ts";
import type { JsonObject } from "../json.ts";
import type { GenerateRequest, ToolDefinition } from "../port.ts";
import { contentsOf } from "./contents.ts";
import { geminiModel, isGemini3 } from "./gemini-model.ts";

/**
 * What a call asks of streamGenerateContent. A schema goes natively to the model, except to one before version 3 that has
 * tools: the API refuses the two together there, and the schema becomes a part of the system text. Prompts are cached by
 * the API unasked.
 */
export function contentRequest(
  request: GenerateRequest,
): GenerateContentParameters & { readonly config: GenerateContentConfig } {
  const { tools, responseSchema } = request;
  const natively = tools.length === 0 || isGemini3(request.model);
  const system = systemText(request.system, natively ? null : responseSchema);
  return {
    model: geminiModel(request.model),
    contents: contentsOf(request),
    config: {
      // Otherwise the SDK would itself go on with an answer that was cut: a second request, billed unseen.
      automaticContinuation: false,
      candidateCount: 1,
      maxOutputTokens: request.maxTokens,
      ...(system === null ? {} : { systemInstruction: { parts: [{ text: system }] } }),
      ...(request.temperature === null ? {} : { temperature: request.temperature }),
      ...(tools.length === 0 ? {} : toolsConfig(request)),
      ...(responseSchema === null || !natively
        ? {}
        : { responseMimeType: "application/json", responseJsonSchema: responseSchema }),
    },
  };
}

function systemText(system: string | null, schema: JsonObject | null): string | null {
  if (schema === null) return system === "" ? null : system;
  const wanted = `When you answer without a tool call, answer with one JSON object and nothing else, without a code fence. It must satisfy this JSON schema: ${JSON.stringify(schema)}`;
  return system === null || system === "" ? wanted : `${system}\n\n${wanted}`;
}

function toolsConfig({ tools, toolChoice }: GenerateRequest): GenerateContentConfig {
  const mode = toolChoice === "none" ? FunctionCallingConfigMode.NONE : FunctionCallingConfigMode.AUTO;
  return {
    tools: [{ functionDeclarations: tools.map(functionDeclaration) }],
    toolConfig: { functionCallingConfig: { mode } },
  };
}

function functionDeclaration({ name, description, parameters }: ToolDefinition) {
  if (!/^[a-zA-Z_]/.test(name)) {
    throw new InvalidRequest(`The tool '${name}' needs a name that begins with a letter or an underscore.`);
  }
  return { name, description, parametersJsonSchema: parameters };
}
