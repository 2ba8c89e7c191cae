export { handlesOf, outputKeysOf } from "./block-ports.ts";
export { compile, compileText } from "./compile.ts";
export {
  type AgentProvider,
  type AgentTool,
  agentBlock,
  agentProvider,
  agentTool,
  type Block,
  type BlockOf,
  type BlockType,
  block,
  blockId,
  blockName,
  conditionBlock,
  type Edge,
  edge,
  environmentName,
  functionBlock,
  httpBlock,
  inputType,
  type JsonValue,
  jsonValue,
  responseBlock,
  type StartInput,
  startBlock,
  startInput,
  type Variable,
  variable,
  type WorkflowDefinition,
  workflowDefinition,
} from "./definition.ts";
export { definitionJsonSchema } from "./definition-json-schema.ts";
export { emptyDefinition } from "./empty-definition.ts";
export { type InputProblem, type ParseInputResult, parseInput } from "./input.ts";
export type {
  CompileResult,
  Plan,
  PlanBlock,
  PlanBlockOf,
  PlanEdge,
  PlanTemplates,
  Problem,
  ProblemCode,
  Reference,
  Template,
  TemplateTree,
  ToolTemplates,
} from "./plan.ts";
export { escapeText } from "./references.ts";
export {
  type FollowedPath,
  followPath,
  type Rendered,
  type RenderFailure,
  type Resolve,
  type Resolved,
  renderText,
  renderTree,
  renderValue,
} from "./template.ts";
export { validate } from "./validate.ts";
