import type {
  ConverseStreamCommandInput,
  OutputConfig,
  ToolConfiguration,
} from "@aws-sdk/client-bedrock-runtime";
import { InvalidRequest } from "../adapter.ts";
import { closedSchema } from "../anthropic/messages-request.ts";
import type { GenerateRequest } from "../port.ts";
import { converseMessages } from "./converse-messages.ts";
import { documentOf } from "./document-of.ts";
import { featuresOf, type ModelFeatures } from "./model-features.ts";

/**
 * The input of ConverseStream. Converse knows no tool choice "none" and refuses calls and results in a request without
 * tools, so where no tool may be called none is offered and the rounds before are told as text: a model cannot call what
 * it is not given. A schema goes natively to the models that have structured output and into the system prompt of others.
 * With tools, system prompt and conversation end in a cache point: each round sends all of the rounds before, and a
 * prompt that is too short to be cached costs nothing.
 */
export function converseRequest(request: GenerateRequest): ConverseStreamCommandInput {
  if (request.model === "") throw new InvalidRequest("It needs the name of a model.");
  const features = featuresOf(request.model);
  const mayCall = request.tools.length > 0 && request.toolChoice === "auto";
  const markIf = (marked: boolean) =>
    marked && features.cachePoints ? [{ cachePoint: { type: "default" as const } }] : [];

  const messages = converseMessages(request.messages, {
    toolBlocks: mayCall,
    toolResultStatus: features.toolResultStatus,
  });
  if (messages[0]?.role !== "user") throw new InvalidRequest("Its first message holds nothing but blanks.");
  messages.at(-1)?.content.push(...markIf(mayCall));
  const system = systemText(request, features);

  return {
    modelId: request.model,
    messages,
    ...(system === null ? {} : { system: [{ text: system }, ...markIf(mayCall || request.cachePrompt)] }),
    inferenceConfig: {
      maxTokens: request.maxTokens,
      ...(request.temperature === null ? {} : { temperature: request.temperature }),
    },
    ...(mayCall ? { toolConfig: toolConfig(request.tools) } : {}),
    ...(request.responseSchema !== null && features.structuredOutput
      ? { outputConfig: outputConfig(request.responseSchema) }
      : {}),
  };
}

function systemText({ system, responseSchema }: GenerateRequest, features: ModelFeatures): string | null {
  const asked =
    responseSchema === null || features.structuredOutput
      ? null
      : `Answer with nothing but a JSON object, without a code fence, that satisfies this JSON schema: ${JSON.stringify(responseSchema)}`;
  const parts = [system, asked].filter((part) => part !== null && part.trim() !== "");
  return parts.length === 0 ? null : parts.join("\n\n");
}

/** The choice is left out: "auto" is what it means, and not every model takes one. */
function toolConfig(tools: GenerateRequest["tools"]): ToolConfiguration {
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      toolSpec: {
        name,
        ...(description === "" ? {} : { description }),
        inputSchema: { json: documentOf({ ...parameters, type: "object" }) },
      },
    })),
  };
}

/** The service takes the schema as text, of closed objects and few keywords, as Anthropic's own API does. */
function outputConfig(schema: NonNullable<GenerateRequest["responseSchema"]>): OutputConfig {
  return {
    textFormat: {
      type: "json_schema",
      structure: { jsonSchema: { name: "answer", schema: JSON.stringify(closedSchema(schema)) } },
    },
  };
}
