import { z } from "zod";

const jsonSchema = z.record(z.string(), z.unknown());
const cachePoint = z.strictObject({ cachePoint: z.looseObject({ type: z.literal("default") }) });

const source = z.union([
  z.strictObject({ bytes: z.base64() }),
  z.strictObject({ text: z.string() }),
  z.strictObject({ s3Location: z.looseObject({ uri: z.string() }) }),
]);

const text = z.strictObject({ text: z.string().refine((text) => text.trim() !== "", "is blank") });
const image = z.strictObject({
  image: z.strictObject({ format: z.enum(["png", "jpeg", "gif", "webp"]), source }),
});
const document = z.strictObject({
  document: z.looseObject({
    format: z.enum(["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"]).optional(),
    // The real service refuses a dot here, and so most file names.
    name: z
      .string()
      .regex(
        /^(?!.*\s\s)[a-zA-Z0-9\s()[\]-]{1,200}$/,
        "only letters, digits, single whitespace, hyphens, parentheses and square brackets",
      ),
    source,
  }),
});
const toolUse = z.strictObject({
  toolUse: z.looseObject({ toolUseId: z.string(), name: z.string(), input: z.unknown() }),
});
const toolResult = z.strictObject({
  toolResult: z.looseObject({
    toolUseId: z.string(),
    content: z.array(
      z.union([z.strictObject({ text: z.string() }), z.strictObject({ json: z.unknown() }), image, document]),
    ),
    status: z.enum(["success", "error"]).optional(),
  }),
});
const reasoning = z.strictObject({ reasoningContent: z.unknown() });

const contentBlock = z.union([text, image, document, toolUse, toolResult, cachePoint, reasoning]);
export type ConverseBlock = z.infer<typeof contentBlock>;

const message = z.strictObject({
  role: z.enum(["user", "assistant"]),
  content: z.array(contentBlock).min(1),
});

const tool = z.union([
  z.strictObject({
    toolSpec: z.strictObject({
      name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "1 to 64 letters, digits, '_' or '-'"),
      description: z.string().min(1).optional(),
      inputSchema: z.strictObject({ json: jsonSchema }),
      strict: z.boolean().optional(),
    }),
  }),
  cachePoint,
]);

const nothing = z.strictObject({});

/** Taken and without effect. */
const ignored = z.unknown().optional();

/** The part of Converse and ConverseStream that the server answers. What it does not know it refuses. */
export const converseRequest = z.strictObject({
  messages: z.array(message).min(1),
  system: z.array(z.union([z.strictObject({ text: z.string().min(1) }), cachePoint])).optional(),
  inferenceConfig: z
    .strictObject({
      maxTokens: z.int().min(1).optional(),
      temperature: z.number().min(0).max(1).optional(),
      topP: z.number().min(0).max(1).optional(),
      stopSequences: z.array(z.string()).optional(),
    })
    .optional(),
  toolConfig: z
    .strictObject({
      tools: z.array(tool).min(1),
      toolChoice: z
        .union([
          z.strictObject({ auto: nothing }),
          z.strictObject({ any: nothing }),
          z.strictObject({ tool: z.strictObject({ name: z.string() }) }),
        ])
        .optional(),
    })
    .optional(),
  outputConfig: z
    .strictObject({
      effort: z.string().optional(),
      textFormat: z
        .strictObject({
          type: z.literal("json_schema"),
          structure: z.strictObject({
            jsonSchema: z.strictObject({
              schema: z.string(),
              name: z.string().optional(),
              description: z.string().optional(),
            }),
          }),
        })
        .optional(),
    })
    .optional(),
  additionalModelRequestFields: ignored,
  additionalModelResponseFieldPaths: ignored,
  performanceConfig: ignored,
  requestMetadata: ignored,
  serviceTier: ignored,
});

export type ConverseBody = z.infer<typeof converseRequest>;
