import { z } from "zod";

/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export const jsonValue: z.ZodType<JsonValue> = z.json();

/** Ids are chosen by the editor; they never reach a user's eye and may not hold separators. */
export const blockId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "1 to 64 letters, digits, '-' or '_'");

/** Names are what references use: `<Name.path>`. Unique within a workflow, compared exactly. */
export const blockName = z
  .string()
  .trim()
  .regex(/^[A-Za-z][A-Za-z0-9 _-]{0,63}$/, "a letter, then up to 63 letters, digits, spaces, '-' or '_'")
  .refine((name) => name !== "variable", "another name: 'variable' is what <variable.name> begins with");

/** The names under which environment values are stored and read: `{{NAME}}`. */
export const environmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "letters, digits and '_', not a digit first");

/** The keys under which a block sees values that were bound for it: `inputs.<name>` in sandboxed code. */
const bindingName = z
  .string()
  .regex(/^[A-Za-z_$][A-Za-z0-9_$]{0,63}$/, "a JavaScript identifier")
  .refine((name) => name !== "__proto__", "another name: '__proto__' cannot be a key in JSON data");

/** Text in which `<block.path>`, `<variable.name>` and `{{ENV_NAME}}` are replaced when the block runs. */
const template = z.string().max(200_000);

export const inputType = z.enum(["string", "number", "boolean", "json"]);

export const startInput = z.strictObject({
  name: bindingName,
  type: inputType,
  required: z.boolean(),
  description: z.string().max(500).optional(),
  /** Used when the caller leaves the input out. */
  default: jsonValue.optional(),
});

const common = {
  id: blockId,
  name: blockName,
  position: z.strictObject({ x: z.number(), y: z.number() }),
};

/** Output: the validated inputs, one key each. */
export const startBlock = z.strictObject({
  ...common,
  type: z.literal("start"),
  inputs: z.array(startInput).max(100),
});

/** Output: `{ text, json, model, stopReason, usage: { inputTokens, outputTokens } }`; `json` is null without `responseSchema`. */
export const agentBlock = z.strictObject({
  ...common,
  type: z.literal("agent"),
  provider: z.enum(["anthropic"]),
  model: z.string().min(1).max(200),
  system: template.optional(),
  prompt: template.min(1),
  temperature: z.number().min(0).max(1).optional(),
  maxTokens: z.int().min(1).max(64_000),
  /** A JSON schema of type object; the answer is parsed and validated against it. */
  responseSchema: z.record(z.string(), jsonValue).optional(),
});

/** Output: `{ result }`, what the code returned. `code` is the body of a function of one argument, `inputs`. */
export const functionBlock = z.strictObject({
  ...common,
  type: z.literal("function"),
  inputs: z.record(bindingName, template),
  code: z.string().min(1).max(100_000),
  timeoutMs: z.int().min(10).max(30_000).optional(),
});

/** Output: `{ status, headers, body }`; `body` is parsed when the answer says it is JSON. */
export const httpBlock = z.strictObject({
  ...common,
  type: z.literal("http"),
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]),
  url: template.min(1),
  headers: z.record(z.string().min(1).max(200), template),
  body: template.optional(),
  timeoutMs: z.int().min(100).max(120_000).optional(),
  maxBytes: z.int().min(1).max(10_000_000).optional(),
});

/**
 * Output: `{ branch }`: the id of the first branch whose expression is true, or `else`. Follows handle `branch:<id>` or
 * `else`; no branch may have the id `else`.
 */
export const conditionBlock = z.strictObject({
  ...common,
  type: z.literal("condition"),
  inputs: z.record(bindingName, template),
  branches: z
    .array(z.strictObject({ id: blockId, when: z.string().min(1).max(10_000) }))
    .min(1)
    .max(50),
});

/**
 * Output: `{ output }`, which is the run's output. Strings inside are templates; one that is a single reference keeps its
 * type. Left out, the output is null.
 */
export const responseBlock = z.strictObject({
  ...common,
  type: z.literal("response"),
  output: jsonValue.default(null),
});

export const block = z.discriminatedUnion("type", [
  startBlock,
  agentBlock,
  functionBlock,
  httpBlock,
  conditionBlock,
  responseBlock,
]);

/**
 * `sourceHandle`: `out` (every block but condition and response), `error` (every block but start and response),
 * `branch:<branch id>` or `else` (condition only).
 */
export const edge = z.strictObject({
  id: blockId,
  source: blockId,
  sourceHandle: z.string().min(1).max(80),
  target: blockId,
});

export const variable = z.strictObject({ name: bindingName, value: jsonValue });

/** The most of each that a workflow may hold. */
export const definitionBounds = { blocks: 1_000, edges: 5_000, variables: 200 } as const;

/** What a workflow is: its draft, or one immutable version. Structure only; `validate` judges the meaning. */
export const workflowDefinition = z.strictObject({
  schemaVersion: z.literal(1),
  blocks: z.array(block).max(definitionBounds.blocks),
  edges: z.array(edge).max(definitionBounds.edges),
  variables: z.array(variable).max(definitionBounds.variables),
});

export type WorkflowDefinition = z.infer<typeof workflowDefinition>;
export type Block = z.infer<typeof block>;
export type BlockType = Block["type"];
export type BlockOf<T extends BlockType> = Extract<Block, { type: T }>;
export type Edge = z.infer<typeof edge>;
export type StartInput = z.infer<typeof startInput>;
export type Variable = z.infer<typeof variable>;
