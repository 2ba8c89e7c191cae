import { z } from "zod";

const jsonSchema = z.record(z.string(), z.unknown());

const part = z
  .looseObject({
    text: z.string().optional(),
    thought: z.boolean().optional(),
    thoughtSignature: z.union([z.base64(), z.base64url()]).optional(),
    inlineData: z.looseObject({ mimeType: z.string(), data: z.base64() }).optional(),
    fileData: z.looseObject({ mimeType: z.string().optional(), fileUri: z.string() }).optional(),
    functionCall: z
      .looseObject({ id: z.string().optional(), name: z.string(), args: jsonSchema.optional() })
      .optional(),
    functionResponse: z
      .looseObject({ id: z.string().optional(), name: z.string(), response: jsonSchema })
      .optional(),
  })
  .refine(
    (part) =>
      [part.text, part.inlineData, part.fileData, part.functionCall, part.functionResponse].filter(
        (data) => data !== undefined,
      ).length === 1,
    "required oneof field 'data' must have one initialized field",
  );
export type GeminiPart = z.infer<typeof part>;

const content = z.strictObject({
  role: z.enum(["user", "model", "function"]).optional(),
  parts: z.array(part).min(1),
});
export type GeminiContent = z.infer<typeof content>;

const functionDeclaration = z.looseObject({
  name: z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/, "must start with a letter or an underscore"),
  description: z.string().optional(),
  parameters: jsonSchema.optional(),
  parametersJsonSchema: jsonSchema.optional(),
});

/** Taken and without effect. */
const ignored = z.unknown().optional();

/** The part of generateContent that the server answers. What it does not know it refuses, as the real API does. */
export const geminiRequest = z.strictObject({
  contents: z.array(content).min(1),
  systemInstruction: z.looseObject({ parts: z.array(z.looseObject({ text: z.string() })) }).optional(),
  tools: z.array(z.strictObject({ functionDeclarations: z.array(functionDeclaration).min(1) })).optional(),
  toolConfig: z
    .looseObject({
      functionCallingConfig: z
        .strictObject({
          mode: z.enum(["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"]).optional(),
          allowedFunctionNames: z.array(z.string()).optional(),
        })
        .optional(),
    })
    .optional(),
  generationConfig: z
    .strictObject({
      maxOutputTokens: z.int().min(1).optional(),
      temperature: z.number().min(0).max(2).optional(),
      topP: z.number().min(0).max(1).optional(),
      topK: z.number().optional(),
      candidateCount: z.literal(1).optional(),
      stopSequences: z.array(z.string()).optional(),
      responseMimeType: z.enum(["text/plain", "application/json"]).optional(),
      responseSchema: jsonSchema.optional(),
      responseJsonSchema: jsonSchema.optional(),
      frequencyPenalty: ignored,
      mediaResolution: ignored,
      presencePenalty: ignored,
      responseModalities: ignored,
      seed: ignored,
      thinkingConfig: ignored,
    })
    .optional(),
  cachedContent: ignored,
  labels: ignored,
  safetySettings: ignored,
});

export type GeminiRequest = z.infer<typeof geminiRequest>;
