import { z } from "zod";
import { agentTool } from "./agent-tool.ts";
import { bindingName, blockId, common, httpRequest, jsonValue, sandboxedCode, template } from "./fields.ts";

export { type AgentTool, agentTool } from "./agent-tool.ts";
export { blockId, blockName, environmentName, type JsonValue, jsonValue } from "./fields.ts";

export const inputType = z.enum(["string", "number", "boolean", "json"]);

export const startInput = z.strictObject({
  name: bindingName,
  type: inputType,
  required: z.boolean(),
  description: z.string().max(500).optional(),
  /** Used when the caller leaves the input out. */
  default: jsonValue.optional(),
});

/** Output: the validated inputs, one key each. */
export const startBlock = z.strictObject({
  ...common,
  type: z.literal("start"),
  inputs: z.array(startInput).max(100),
});

/** Whose models an agent block can call. */
export const agentProvider = z.enum([
  "anthropic",
  "azure-anthropic",
  "bedrock",
  "vllm",
  "openai",
  "groq",
  "cerebras",
  "google",
]);

const agentModel = { provider: agentProvider, model: z.string().min(1).max(200) };

/**
 * Output: `{ text, json, model, provider, stopReason, usage, rounds, toolCalls }`.
 * - `json` is null without `responseSchema`; `model` and `provider` are those that answered.
 * - `usage`: `{ inputTokens, outputTokens, reasoningTokens, cacheReadTokens, cacheWriteTokens }`, of all calls together;
 *   `inputTokens` counts those of the cache too.
 * - `rounds`: how often the model was called; `toolCalls`: `{ round, name, arguments, result, isError, durationMs }` of
 *   each call it made, in order.
 */
export const agentBlock = z.strictObject({
  ...common,
  type: z.literal("agent"),
  ...agentModel,
  system: template.optional(),
  prompt: template,
  /** Each renders to `data:image/png;base64,...` (or jpeg, gif, webp) or `data:application/pdf;base64,...`. */
  attachments: z.array(template.min(1)).max(20).optional(),
  temperature: z.number().min(0).max(2).optional(),
  /** Of one answer; each round of tool calls has one. */
  maxTokens: z.int().min(1).max(128_000),
  /** A JSON schema of type object; the answer is parsed and validated against it. */
  responseSchema: z.record(z.string(), jsonValue).optional(),
  tools: z.array(agentTool).max(50).optional(),
  /**
   * Many runs share the system prompt: a provider that caches what is marked is asked to keep it. Writing it there costs
   * more than reading it anew, reading it from there a fraction.
   */
  cachePrompt: z.boolean().optional(),
  /** Tried in order when the models before failed in a way that another may not. */
  fallbacks: z.array(z.strictObject(agentModel)).max(5).optional(),
});

/** Output: `{ result }`, what the code returned. */
export const functionBlock = z.strictObject({
  ...common,
  type: z.literal("function"),
  inputs: z.record(bindingName, template),
  ...sandboxedCode,
});

/** Output: `{ status, headers, body }`; `body` is parsed when the answer says it is JSON. */
export const httpBlock = z.strictObject({
  ...common,
  type: z.literal("http"),
  ...httpRequest,
  body: template.optional(),
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
export type AgentProvider = z.infer<typeof agentProvider>;
export type Edge = z.infer<typeof edge>;
export type StartInput = z.infer<typeof startInput>;
export type Variable = z.infer<typeof variable>;
