import type { BlockOf, BlockType, JsonValue } from "./definition.ts";

/** One thing that a template or binding points at. */
export type Reference =
  /** `<Block Name.path[0].field>`; the block is resolved to its id, the path to keys and indexes. */
  | {
      readonly kind: "block";
      readonly blockId: string;
      readonly path: readonly (string | number)[];
      readonly source: string;
    }
  /** `<variable.name>`, with an optional deeper path. */
  | {
      readonly kind: "variable";
      readonly name: string;
      readonly path: readonly (string | number)[];
      readonly source: string;
    }
  /** `{{ENV_NAME}}` */
  | { readonly kind: "environment"; readonly name: string; readonly source: string };

/** A parsed template: literal text and references in order. One that is exactly one reference keeps its value's type. */
export type Template = readonly (string | Reference)[];

/** A JSON value whose strings are parsed templates. */
export type TemplateTree =
  | { readonly kind: "literal"; readonly value: number | boolean | null }
  | { readonly kind: "template"; readonly template: Template }
  | { readonly kind: "array"; readonly items: readonly TemplateTree[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, TemplateTree])[] };

export interface PlanEdge {
  readonly source: string;
  readonly sourceHandle: string;
  readonly target: string;
}

/** The templates of a block, parsed once per version. */
export interface PlanTemplates {
  start: Readonly<Record<string, never>>;
  agent: {
    readonly system: Template | null;
    readonly prompt: Template;
    readonly attachments: readonly Template[];
    /** One for each of `block.tools`, in its order. */
    readonly tools: readonly ToolTemplates[];
  };
  function: { readonly inputs: Readonly<Record<string, Template>> };
  http: {
    readonly url: Template;
    readonly headers: Readonly<Record<string, Template>>;
    readonly body: Template | null;
  };
  condition: { readonly inputs: Readonly<Record<string, Template>> };
  response: { readonly output: TemplateTree };
}

/** Null and empty for a tool that has no address of its own. */
export interface ToolTemplates {
  readonly url: Template | null;
  readonly headers: Readonly<Record<string, Template>>;
}

export type PlanBlockOf<T extends BlockType> = {
  readonly type: T;
  readonly block: Readonly<BlockOf<T>>;
  readonly templates: PlanTemplates[T];
  readonly incoming: readonly PlanEdge[];
  readonly outgoing: readonly PlanEdge[];
  /** Names of environment values that this block's templates need. */
  readonly environmentNames: readonly string[];
};
export type PlanBlock = { [T in BlockType]: PlanBlockOf<T> }[BlockType];

/** A compiled definition: immutable, deep-frozen, shared by every run of its version. Run data never lives here. */
export interface Plan {
  readonly startId: string;
  readonly blocks: Readonly<Record<string, PlanBlock>>;
  /** Block ids, every block after all blocks that lead to it. */
  readonly order: readonly string[];
  readonly variables: Readonly<Record<string, JsonValue>>;
  /** Every environment name that any block needs, sorted. */
  readonly environmentNames: readonly string[];
}

export type ProblemCode =
  | "INVALID_SHAPE"
  | "NO_START"
  | "SEVERAL_STARTS"
  | "DUPLICATE_ID"
  | "DUPLICATE_NAME"
  | "UNKNOWN_BLOCK"
  | "UNKNOWN_REFERENCE"
  | "REFERENCE_NOT_UPSTREAM"
  | "INVALID_HANDLE"
  | "CYCLE"
  | "UNREACHABLE_BLOCK"
  | "MISSING_FIELD"
  | "INVALID_FIELD";

/** One thing that is wrong with a definition, said to its author. */
export interface Problem {
  readonly code: ProblemCode;
  /** Where in the definition: keys and indexes from its root. */
  readonly path: readonly (string | number)[];
  /** The block it belongs to, when there is one. */
  readonly blockId?: string;
  readonly message: string;
}

export type CompileResult =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly Problem[] };
